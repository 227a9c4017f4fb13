using NLog;
using NLog.Config;
using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Logging;
using Supervisor.Core.Ports;
using LogLevel = Supervisor.Core.Configuration.Model.LogLevel;

namespace Supervisor.Daemon.Logging;

/// <summary>
/// The daemon's own log (DMN-010..015): NLog routes and serialises, the targets write through the same rotating file as child logs. Any
/// thread may write.
/// </summary>
internal sealed class ActivityLog : IActivityLog, IDisposable
{
    private readonly LogFactory _factory = new() { AutoShutdown = false };
    private readonly Logger _logger;
    private readonly LogLevel _threshold;
    private readonly TimeProvider _time;
    private readonly FileTarget? _file;

    /// <param name="config">Where, how much, how large.</param>
    /// <param name="files">For the log file.</param>
    /// <param name="syslog">For <c>logfile=syslog</c>.</param>
    /// <param name="standardOutput">Receives every line too, in the foreground; null for none (DMN-011).</param>
    /// <param name="time">Clock and zone of the time stamps.</param>
    /// <exception cref="PosixException">The log file cannot be opened.</exception>
    public ActivityLog(
        SupervisordConfig config, IFileSystem files, ISyslog syslog, Action<ReadOnlyMemory<byte>>? standardOutput, TimeProvider time)
    {
        _threshold = config.LogLevel;
        _time = time;
        var configuration = new LoggingConfiguration(_factory);
        if (standardOutput is not null)
        {
            configuration.AddRuleForAllLevels(new StreamTarget(standardOutput) { Name = "stdout" });
        }

        if (config.LogFile == "syslog")
        {
            configuration.AddRuleForAllLevels(new SyslogTarget(syslog) { Name = "syslog" });
        }
        else
        {
            _file = new FileTarget(new RotatingLogFile(
                files, config.LogFile, config.LogFileMaxBytes, config.LogFileBackups, ReportLoss))
            { Name = "file" };
            configuration.AddRuleForAllLevels(_file);
        }

        _factory.Configuration = configuration;
        _logger = _factory.GetLogger("supervisord");
    }

    public bool IsEnabled(LogLevel level) => level >= _threshold;

    public void Write(LogLevel level, string message, LogTextKind kind = LogTextKind.Line)
    {
        if (IsEnabled(level))
        {
            _logger.Log(new ActivityEvent(level, LogText.Clean(message, kind), _time.GetLocalNow()));
        }
    }

    public void Reopen() => _file?.Use(f => f.Reopen());

    public void Clear()
    {
        // The line still goes to the old file (and to stdout), as upstream's does.
        Write(LogLevel.Info, "reopening log file");
        _file?.Use(f => f.Clear());
    }

    public void Dispose()
    {
        _factory.Shutdown();
        _file?.Use(f => f.Dispose());
        _factory.Dispose();
    }

    // A log that cannot be written cannot tell so in itself; stderr is what upstream uses.
    private static void ReportLoss(string text) => Unix.StandardStreams.Write(Unix.StandardStreams.Error, $"supervisord: {text}\n");
}
