using Supervisor.Core.Configuration.Model;

namespace Supervisor.Core.Configuration.Loading;

/// <summary>What to load, and what the command line fixes (CLI-007). Kept for rereads and restarts.</summary>
public sealed record ConfigRequest
{
    /// <summary>As given with <c>-c</c>; null searches the default places (CFG-001).</summary>
    public string? ConfigFile { get; init; }

    /// <summary>The program name, which the search is relative to.</summary>
    public string Argv0 { get; init; } = "supervisord";

    /// <summary>Do not ask the machine for accounts and directories, and do not resolve plug-ins.</summary>
    public bool Lenient { get; init; }

    public bool NoDaemon { get; init; }
    public bool Silent { get; init; }
    public bool NoCleanup { get; init; }
    public bool StripAnsi { get; init; }
    public string? User { get; init; }
    public int? Umask { get; init; }
    public string? Directory { get; init; }
    public string? LogFile { get; init; }
    public long? LogFileMaxBytes { get; init; }
    public int? LogFileBackups { get; init; }
    public LogLevel? LogLevel { get; init; }
    public string? PidFile { get; init; }
    public string? Identifier { get; init; }
    public string? ChildLogDir { get; init; }
    public int? MinFds { get; init; }
    public int? MinProcs { get; init; }
}
