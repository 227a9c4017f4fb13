using Supervisor.Core.Configuration.Expansion;
using Supervisor.Core.Configuration.Model;

namespace Supervisor.Core.Configuration.Options;

/// <summary>Rows of <c>[program:x]</c>, valid for <c>[fcgi-program:x]</c> and <c>[eventlistener:x]</c> too (OPT-080..098).</summary>
internal static class ProgramOptions
{
    public static readonly Option<int> Priority = new("priority", Types.Integer, "999", "Lower starts first and stops last.");
    public static readonly Option<bool> AutoStart = new("autostart", Types.Boolean, "true", "Start with the daemon.");
    public static readonly Option<AutoRestart> AutoRestart = new("autorestart", Types.AutoRestart, "unexpected",
        "Restart after an exit: always, never, or on exit codes that are not expected.");
    public static readonly Option<int> StartSecs = new("startsecs", Types.Integer, "1", "Seconds it must stay up to count as started.");
    public static readonly Option<int> StartRetries = new("startretries", Types.Integer, "3", "Further attempts after a failed start.");
    public static readonly Option<int> StopSignal = new("stopsignal", Types.Signal, "TERM", "Signal that asks it to stop.");
    public static readonly Option<int> StopWaitSecs = new("stopwaitsecs", Types.Integer, "10", "Seconds until SIGKILL follows.");
    public static readonly Option<bool> StopAsGroup = new("stopasgroup", Types.Boolean, "false", "Send the stop signal to its whole process group.");
    public static readonly Option<bool?> KillAsGroup = new("killasgroup", Types.Boolean.As(b => (bool?)b), null,
        "Send SIGKILL to its whole process group.")
    {
        DefaultNote = "the value of stopasgroup",
    };
    public static readonly Option<IReadOnlyList<int>> ExitCodes = new("exitcodes", Types.ExitCodes, "0", "Exit codes that are expected.");
    public static readonly Option<bool> RedirectStderr = new("redirect_stderr", Types.Boolean, "false", "Send stderr where stdout goes.");
    public static readonly Option<int> NumProcs = new("numprocs", Types.Integer, "1", "How many processes to run.");
    public static readonly Option<int> NumProcsStart = new("numprocs_start", Types.Integer, "0", "First process_num.");
    public static readonly Option<string?> ServerUrl = new("serverurl",
        Types.Text.As(t => string.Equals(PythonText.Strip(t), "AUTO", StringComparison.OrdinalIgnoreCase) ? null : t), null,
        "SUPERVISOR_SERVER_URL of the process; AUTO for the daemon's own, empty for none.")
    {
        DefaultNote = "AUTO",
    };
    public static readonly Option<Identity> User = new("user", Types.User, null, "Run as this user.") { DefaultNote = "the daemon's user" };
    public static readonly Option<int?> Umask = new("umask", Types.Octal.As(m => (int?)m), null, "File mode creation mask.")
    {
        DefaultNote = "the daemon's",
    };
    public static readonly Option<string?> Directory = new("directory", Types.Text!, null, "Change into this directory.")
    {
        DefaultNote = "the daemon's",
    };
    public static readonly Option<string?> Command = new("command", Types.Text!, null, "Program and arguments; looked up in PATH.")
    {
        IsRequired = true,
    };

    /// <summary>Expanded by hand, once per process.</summary>
    public static readonly Option<string?> Environment = new("environment", Types.Environment!, null, "Variables for this program.");

    /// <summary>Checked before, expanded once per process.</summary>
    public static readonly Option<string> ProcessName = new("process_name", Types.Name, "%(program_name)s",
        "Name of the process; needs %(process_num) if there are several.");

    public static readonly ChannelRows Stdout = new("stdout");
    public static readonly ChannelRows Stderr = new("stderr");

    /// <summary>The options that both output channels have.</summary>
    internal sealed class ChannelRows(string channel)
    {
        /// <summary>Expanded twice (CFG-030).</summary>
        public Option<string?> LogFile { get; } = new(channel + "_logfile", Types.LogTarget!, null, $"Log of its {channel}.") { DefaultNote = "AUTO" };
        public Option<int> Backups { get; } = new(channel + "_logfile_backups", Types.Integer, "10", "Rotated logs to keep; 0 truncates.");
        public Option<long> MaxBytes { get; } = new(channel + "_logfile_maxbytes", Types.Bytes, "50MB", "Size at which the log rotates; 0 for never.");
        public Option<long> CaptureMaxBytes { get; } = new(channel + "_capture_maxbytes", Types.Bytes, "0", "Size of the capture buffer; 0 for none.");
        public Option<bool> EventsEnabled { get; } = new(channel + "_events_enabled", Types.Boolean, "false", "Emit an event for each chunk of output.");
        public Option<bool> Syslog { get; } = new(channel + "_syslog", Types.Boolean, "false", "Copy each line to syslog.");
    }
}
