namespace Supervisor.Ctl.Commands;

/// <summary>The way a process is named to people: <c>group:process</c>, or one word when both are equal.</summary>
internal static class Namespec
{
    public static string Make(string group, string process) => group == process ? process : $"{group}:{process}";

    /// <summary>Process null means the whole group: <c>g:*</c> or <c>g:</c>.</summary>
    public static (string Group, string? Process) Split(string namespec)
    {
        var colon = namespec.IndexOf(':');
        if (colon < 0)
        {
            return (namespec, namespec);
        }

        var process = namespec[(colon + 1)..];
        return (namespec[..colon], process.Length == 0 || process == "*" ? null : process);
    }
}
