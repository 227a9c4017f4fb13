using Supervisor.Core.Configuration.Model;

namespace Supervisor.Core.Configuration.Options;

/// <summary>Rows of <c>[supervisord]</c> (OPT-050..063).</summary>
internal static class SupervisordOptions
{
    public static readonly Option<int> MinFds = new("minfds", Types.Integer, "1024", "File descriptors that must be available at start.");
    public static readonly Option<int> MinProcs = new("minprocs", Types.Integer, "200", "Processes that must be available at start.");
    public static readonly Option<string?> Directory = new("directory", Types.ExistingDirectory!, null,
        "Directory the daemon changes into when it daemonizes.");
    public static readonly Option<string?> User = new("user", Types.Text!, null, "User to become before anything else is done.");
    public static readonly Option<int> Umask = new("umask", Types.Octal, "022", "File mode creation mask, applied when it daemonizes.");
    public static readonly Option<string> LogFile = new("logfile", Types.ExistingParent, "supervisord.log", "Path of the activity log, or syslog.");
    public static readonly Option<long> LogFileMaxBytes = new("logfile_maxbytes", Types.Bytes, "50MB",
        "Size at which the activity log rotates; 0 for never.");
    public static readonly Option<int> LogFileBackups = new("logfile_backups", Types.Integer, "10",
        "Rotated activity logs to keep; 0 truncates.");
    public static readonly Option<LogLevel> LogLevel = new("loglevel", Types.LogLevel, "info",
        "Least severe level that is logged: critical, error, warn, info, debug, trace or blather.");
    public static readonly Option<string> PidFile = new("pidfile", Types.ExistingParent, "supervisord.pid", "File that receives the daemon's pid.");
    public static readonly Option<string> Identifier = new("identifier", Types.Text, "supervisor",
        "Name of this instance, for clients and in generated log names.");
    public static readonly Option<bool> NoDaemon = new("nodaemon", Types.Boolean, "false", "Stay in the foreground.");
    public static readonly Option<bool> Silent = new("silent", Types.Boolean, "false", "Do not copy the activity log to stdout in the foreground.");
    public static readonly Option<string?> ChildLogDir = new("childlogdir", Types.ExistingDirectory!, null, "Directory of generated child logs.")
    {
        DefaultNote = "the temporary directory",
    };
    public static readonly Option<bool> NoCleanup = new("nocleanup", Types.Boolean, "false", "Keep generated child logs of earlier runs.");
    public static readonly Option<bool> StripAnsi = new("strip_ansi", Types.Boolean, "false", "Remove ANSI escape codes from child output.");

    /// <summary>Expanded by hand with other names than the rest (CFG-037).</summary>
    public static readonly Option<string?> Environment = new("environment", Types.Environment!, null, "Variables for every program.");
}
