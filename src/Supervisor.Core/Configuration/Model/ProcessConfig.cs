namespace Supervisor.Core.Configuration.Model;

public enum ProcessKind
{
    Program,
    EventListener,
    FcgiProgram,
}

public enum AutoRestart
{
    Never,
    /// <summary>Restart when the exit code is not listed in <c>exitcodes</c>.</summary>
    Unexpected,
    Always,
}

/// <summary>One process as configured: a program section expanded for one process number.</summary>
public sealed record ProcessConfig
{
    public required ProcessKind Kind { get; init; }
    /// <summary>The section it comes from; says nothing about how it runs.</summary>
    public string Section { get; init; } = "";
    public required string Name { get; init; }
    /// <summary>Expanded; split into words only at spawn (SPN-001).</summary>
    public required string Command { get; init; }
    public string? Directory { get; init; }
    public int? Umask { get; init; }
    public int Priority { get; init; } = 999;
    public bool AutoStart { get; init; } = true;
    public AutoRestart AutoRestart { get; init; } = AutoRestart.Unexpected;
    /// <summary>Seconds.</summary>
    public int StartSecs { get; init; } = 1;
    public int StartRetries { get; init; } = 3;
    /// <summary>Signal number.</summary>
    public int StopSignal { get; init; } = 15;
    /// <summary>Seconds.</summary>
    public int StopWaitSecs { get; init; } = 10;
    public bool StopAsGroup { get; init; }
    public bool KillAsGroup { get; init; }
    public IReadOnlyList<int> ExitCodes { get; init; } = [0];
    public bool RedirectStderr { get; init; }
    public int? Uid { get; init; }
    /// <summary>Lenient reading only: the user as written where it has no number.</summary>
    public string? UnresolvedUser { get; init; }
    public ChannelConfig Stdout { get; init; } = new();
    public ChannelConfig Stderr { get; init; } = new();
    /// <summary>That of <c>[supervisord]</c> overlaid with the program's own.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
    /// <summary>Overrides the daemon's SUPERVISOR_SERVER_URL; null for AUTO.</summary>
    public string? ServerUrl { get; init; }
    /// <summary>fcgi-program: the listening socket handed over as descriptor 0, also inside a <c>[group:x]</c> (QRK-008).</summary>
    public FcgiSocketConfig? Socket { get; init; }
}

/// <summary>The <c>stdout_*</c> or <c>stderr_*</c> options of a process.</summary>
public sealed record ChannelConfig
{
    public LogTarget LogFile { get; init; } = LogTarget.Auto;
    /// <summary>Bytes; 0 or negative never rotates.</summary>
    public long MaxBytes { get; init; } = 50L * 1024 * 1024;
    public int Backups { get; init; } = 10;
    /// <summary>Bytes of the capture ring; 0 turns capture mode off.</summary>
    public long CaptureMaxBytes { get; init; }
    public bool EventsEnabled { get; init; }
    public bool Syslog { get; init; }
}

public enum LogTargetKind
{
    None,
    /// <summary>A generated name in <c>childlogdir</c> (LOG-002).</summary>
    Auto,
    File,
}

/// <summary>Where a channel's bytes go: nowhere, a generated file, or a path used as written.</summary>
public readonly record struct LogTarget(LogTargetKind Kind, string? Path = null)
{
    public static LogTarget None => new(LogTargetKind.None);
    public static LogTarget Auto => new(LogTargetKind.Auto);
    public static LogTarget File(string path) => new(LogTargetKind.File, path);
}
