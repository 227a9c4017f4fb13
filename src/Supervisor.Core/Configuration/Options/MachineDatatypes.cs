using Supervisor.Core.Configuration.Expansion;
using Supervisor.Core.Ports;

namespace Supervisor.Core.Configuration.Options;

/// <summary>A user or group: its number, or in a lenient reading the name as written.</summary>
internal readonly record struct Identity(int? Number, string? Name);

/// <summary>Converters that ask the machine: paths, users, groups (OPT-009, OPT-011). All throw <see cref="ConfigException"/>.</summary>
/// <param name="host">The machine.</param>
/// <param name="lenient">Accept accounts and directories that are not there.</param>
internal sealed class MachineDatatypes(IConfigHost host, bool lenient)
{
    public IConfigHost Host => host;

    public bool Lenient => lenient;

    /// <summary><c>os.path.expanduser</c>: <c>~</c> by HOME or the user database, <c>~name</c> by the user database.</summary>
    public string ExpandUser(string path)
    {
        if (path.Length == 0 || path[0] != '~')
        {
            return path;
        }

        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var end = slash < 0 ? path.Length : slash;
        string? home;
        if (end == 1)
        {
            home = host.Environment.TryGetValue("HOME", out var variable) ? variable : host.FindUser(host.Uid)?.Home;
        }
        else
        {
            home = host.FindUser(path[1..end])?.Home;
        }

        if (home is null)
        {
            return path;
        }

        var expanded = home.TrimEnd('/') + path[end..];
        return expanded.Length == 0 ? "/" : expanded;
    }

    public string ExistingDirectory(string path)
    {
        var expanded = ExpandUser(path);
        return lenient || host.DirectoryExists(expanded) ? expanded : throw new ConfigException($"{path} is not an existing directory");
    }

    public string ExistingParent(string path)
    {
        var expanded = ExpandUser(path);
        var parent = PosixPath.Parent(expanded);
        return lenient || parent.Length == 0 || host.DirectoryExists(parent)
            ? expanded
            : throw new ConfigException($"The directory named as part of the path {path} does not exist");
    }

    /// <summary>Absolute and normalised against the working directory, with <c>~</c> expanded.</summary>
    public string NormalizePath(string path) => PosixPath.Absolute(ExpandUser(path), host.WorkingDirectory);

    public Identity User(string text)
    {
        if (PythonText.TryParseInt(text, 10, out var number))
        {
            return lenient || (number is >= 0 and <= int.MaxValue && host.FindUser((int)number) is not null)
                ? new Identity((int)number, null)
                : throw new ConfigException($"Invalid user id {text}");
        }

        if (lenient)
        {
            return new Identity(null, text);
        }

        return new Identity(host.FindUser(text)?.Uid ?? throw new ConfigException($"Invalid user name {text}"), null);
    }

    public Identity Group(string text)
    {
        if (PythonText.TryParseInt(text, 10, out var number))
        {
            return lenient || (number is >= 0 and <= int.MaxValue && host.GroupExists((int)number))
                ? new Identity((int)number, null)
                : throw new ConfigException($"Invalid group id {text}");
        }

        if (lenient)
        {
            return new Identity(null, text);
        }

        return new Identity(host.FindGroup(text) ?? throw new ConfigException($"Invalid group name {text}"), null);
    }

    /// <summary><c>user</c> or <c>user:group</c>; a missing group is -1. Null when it cannot be resolved.</summary>
    public (Identity User, Identity Group)? UserAndGroup(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        try
        {
            return colon < 0
                ? (User(text), new Identity(-1, null))
                : (User(text[..colon]), Group(text[(colon + 1)..]));
        }
        catch (ConfigException)
        {
            return null;
        }
    }

    /// <summary>The directory Python's tempfile module would choose (OPT-057).</summary>
    public string TempDirectory()
    {
        string?[] candidates =
        [
            .. new[] { "TMPDIR", "TEMP", "TMP" }.Select(n => host.Environment.GetValueOrDefault(n)),
            "/tmp", "/var/tmp", "/usr/tmp",
        ];
        foreach (var candidate in candidates)
        {
            if (!string.IsNullOrEmpty(candidate) && host.DirectoryExists(candidate))
            {
                return PosixPath.Absolute(candidate, host.WorkingDirectory);
            }
        }

        return host.WorkingDirectory;
    }
}
