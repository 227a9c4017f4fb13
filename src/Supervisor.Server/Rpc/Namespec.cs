namespace Supervisor.Server.Rpc;

/// <summary>A name as clients send it (RPC-018): <c>name</c>, <c>group:name</c>, or <c>group:*</c> and <c>group:</c> for the whole group.</summary>
/// <param name="Group">Name of the group.</param>
/// <param name="Process">Name of the process; null for the whole group.</param>
internal readonly record struct Namespec(string Group, string? Process)
{
    /// <summary>Characters that no name exceeds.</summary>
    public const int Longest = 64 * 1024;

    public static Namespec Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return new Namespec(text, text);
        }

        var process = text[(colon + 1)..];
        return new Namespec(text[..colon], process is "" or "*" ? null : process);
    }

    /// <summary>The short form where group and process share their name.</summary>
    public static string Make(string group, string process) => group == process ? group : $"{group}:{process}";
}
