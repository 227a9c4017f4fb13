using System.Globalization;
using NLog;
using LogLevel = Supervisor.Core.Configuration.Model.LogLevel;

namespace Supervisor.Daemon.Logging;

/// <summary>One line of the activity log. Supervisor has seven levels where NLog has six, so the event carries its own.</summary>
internal sealed class ActivityEvent : LogEventInfo
{
    private readonly DateTimeOffset _time;

    public ActivityEvent(LogLevel level, string message, DateTimeOffset time)
    {
        Severity = level;
        Text = message;
        _time = time;
        LoggerName = "supervisord";
        Level = level switch
        {
            LogLevel.Critical => NLog.LogLevel.Fatal,
            LogLevel.Error => NLog.LogLevel.Error,
            LogLevel.Warn => NLog.LogLevel.Warn,
            LogLevel.Info => NLog.LogLevel.Info,
            LogLevel.Debug => NLog.LogLevel.Debug,
            _ => NLog.LogLevel.Trace,
        };
        Message = message;
    }

    public LogLevel Severity { get; }

    public string Text { get; }

    /// <summary><c>YYYY-MM-DD HH:MM:SS,mmm LEVL </c>, milliseconds cut, not rounded (DMN-010).</summary>
    public string Prefix => string.Create(CultureInfo.InvariantCulture, $"{_time:yyyy-MM-dd HH:mm:ss},{_time.Millisecond:000} {Tag} ");

    private string Tag => Severity switch
    {
        LogLevel.Critical => "CRIT",
        LogLevel.Error => "ERRO",
        LogLevel.Warn => "WARN",
        LogLevel.Info => "INFO",
        LogLevel.Debug => "DEBG",
        LogLevel.Trace => "TRAC",
        _ => "BLAT",
    };
}
