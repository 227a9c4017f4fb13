using Supervisor.Core.Configuration.Model;

namespace Supervisor.Core.Configuration.Checking;

/// <summary>Logins that are configured and protect nothing, or let nobody in. Python Supervisor takes them as they are.</summary>
public static class WeakCredentials
{
    private const string ShaPrefix = "{SHA}";
    private const int ShaDigits = 40;
    private const string ShaOfNothing = "da39a3ee5e6b4b0d3255bfef95601890afd80709";

    /// <summary>What is wrong with a server's login, without its secrets; null when there is none or nothing is wrong.</summary>
    public static string? Of(HttpServerConfig server)
    {
        if (server.Username is not { } username)
        {
            return null;
        }

        if (username.Length == 0)
        {
            return "an empty username turns authentication off: set a name, or remove both username and password";
        }

        if (string.IsNullOrWhiteSpace(username))
        {
            return "the username consists of blanks: set a name";
        }

        var password = server.FilePassword?.Reveal() ?? server.Password ?? "";
        if (string.IsNullOrWhiteSpace(password) || password == ShaPrefix + ShaOfNothing)
        {
            return "the password is empty: the user name alone lets anybody in; set a password";
        }

        return password.StartsWith(ShaPrefix, StringComparison.Ordinal) && !IsSha(password.AsSpan(ShaPrefix.Length))
            ? "the password lets nobody in: {SHA} must be followed by 40 hexadecimal digits in lower case"
            : null;
    }

    private static bool IsSha(ReadOnlySpan<char> text) =>
        text.Length == ShaDigits && !text.ContainsAnyExcept("0123456789abcdef");
}
