namespace Supervisor.Core.Ports;

/// <summary>Everything that reading a configuration asks of the machine.</summary>
public interface IConfigHost
{
    /// <summary>Whole content of a file; null when it cannot be opened or read.</summary>
    byte[]? ReadFile(string path);

    /// <summary>
    /// Whole content of a small regular file that need not be the operator's own (64 KiB at most): never waits, as a pipe would make it. Null when it
    /// is something else, too large or cannot be read.
    /// </summary>
    byte[]? ReadSmallFile(string path);

    /// <summary>True for anything of that name, a directory included.</summary>
    bool Exists(string path);

    bool DirectoryExists(string path);

    /// <summary>Names in a directory, in any order; empty when it cannot be read.</summary>
    IReadOnlyList<string> List(string directory);

    /// <summary>The daemon's own environment at start.</summary>
    IReadOnlyDictionary<string, string> Environment { get; }

    string WorkingDirectory { get; }

    /// <summary>The kernel's node name.</summary>
    string HostName { get; }

    /// <summary>The real uid.</summary>
    int Uid { get; }

    UserEntry? FindUser(string name);
    UserEntry? FindUser(int uid);
    int? FindGroup(string name);
    bool GroupExists(int gid);
}

/// <summary>One entry of the user database.</summary>
public sealed record UserEntry(string Name, int Uid, int Gid, string Home);
