using System.Security.Cryptography;
using System.Text;

namespace Supervisor.Server.Http;

/// <summary>Basic authentication of one server; covers every path (HTTP-020..023).</summary>
internal sealed class BasicAuth(string username, string password)
{
    private const string ShaPrefix = "{SHA}";

    /// <summary>Null when the request may pass.</summary>
    public Reply? Challenge(RequestHead request)
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
            credentials = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Convert.FromBase64String(header[(blank + 1)..].Trim()));
        }
        catch (Exception e) when (e is FormatException or DecoderFallbackException)
        {
            return Reply.Error(400);
        }

        var colon = credentials.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return Reply.Error(500);
        }

        return Matches(credentials[..colon], credentials[(colon + 1)..]) ? null : Unauthorized();
    }

    // Both are always compared, in constant time: neither the answer's delay nor its order tells which was wrong.
    private bool Matches(string name, string secret)
    {
        var expected = password;
        var actual = secret;
        if (password.StartsWith(ShaPrefix, StringComparison.Ordinal))
        {
            expected = password[ShaPrefix.Length..];
            actual = Convert.ToHexStringLower(Sha1.Hash(Encoding.UTF8.GetBytes(secret)));
        }

        return Equal(name, username) & Equal(actual, expected);
    }

    // As long as what was sent: its length is no secret.
    private static bool Equal(string sent, string expected)
    {
        var (a, b) = (Encoding.UTF8.GetBytes(sent), Encoding.UTF8.GetBytes(expected));
        var compared = new byte[a.Length];
        b.AsSpan(0, Math.Min(a.Length, b.Length)).CopyTo(compared);
        return CryptographicOperations.FixedTimeEquals(a, compared) & a.Length == b.Length;
    }

    private static Reply Unauthorized() => Reply.Error(
        401, [new("Connection", "close"), new("WWW-Authenticate", "Basic realm=\"default\"")], close: true);
}
