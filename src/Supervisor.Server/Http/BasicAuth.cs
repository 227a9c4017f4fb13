using Supervisor.Rpc.Wire;

namespace Supervisor.Server.Http;

/// <summary>Basic authentication of one server; covers every path (HTTP-020..023).</summary>
internal sealed class BasicAuth(string username, string password)
{
    private readonly PasswordCheck _check = new(username, password);

    /// <summary>Null when the request may pass.</summary>
    /// <param name="request">The head.</param>
    /// <param name="timeout">With the client, which makes room for others while it waits for a slow hash.</param>
    public async ValueTask<Reply?> ChallengeAsync(RequestHead request, ClientTimeout timeout)
    {
        var header = request["Authorization"];
        if (string.IsNullOrEmpty(header))
        {
            return Unauthorized();
        }

        var blank = header.IndexOf(' ', StringComparison.Ordinal);
        if (blank < 0 || !header[..blank].Equals("basic", StringComparison.OrdinalIgnoreCase))
        {
            return Unauthorized();
        }

        string credentials;
        try
        {
            credentials = LenientBase64.Text(header[(blank + 1)..]);
        }
        catch (FormatException)
        {
            return Reply.Error(400);
        }

        var colon = credentials.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return Reply.Error(500);
        }

        return await _check.MatchesAsync(credentials[..colon], credentials[(colon + 1)..], timeout) switch
        {
            true => null,
            false => Unauthorized(),
            null => Reply.Error(503, close: true),
        };
    }

    private static Reply Unauthorized() => Reply.Error(
        401, [new("Connection", "close"), new("WWW-Authenticate", "Basic realm=\"default\"")], close: true);
}
