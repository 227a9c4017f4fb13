using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Logging;

namespace Supervisor.Core.Ports;

/// <summary>
/// The daemon's own log (<c>logfile=</c>). Messages carry no timestamp; the implementation adds it (DMN-010), and makes them safe: callers pass on
/// what clients and programs sent as it is.
/// </summary>
public interface IActivityLog
{
    bool IsEnabled(LogLevel level);

    void Write(LogLevel level, string message, LogTextKind kind = LogTextKind.Line);

    /// <summary>Closes and reopens the log by name, in append mode (SIGUSR2).</summary>
    void Reopen();

    /// <summary>Unlinks the file and opens a new one (clearLog); throws <see cref="PosixException"/> when refused.</summary>
    void Clear();
}

/// <summary>Short forms.</summary>
public static class ActivityLogExtensions
{
    public static void Critical(this IActivityLog log, string message) => log.Write(LogLevel.Critical, message);
    public static void Error(this IActivityLog log, string message) => log.Write(LogLevel.Error, message);
    public static void Warn(this IActivityLog log, string message) => log.Write(LogLevel.Warn, message);
    public static void Info(this IActivityLog log, string message) => log.Write(LogLevel.Info, message);
    public static void Debug(this IActivityLog log, string message) => log.Write(LogLevel.Debug, message);
    public static void Trace(this IActivityLog log, string message) => log.Write(LogLevel.Trace, message);
    public static void Blather(this IActivityLog log, string message) => log.Write(LogLevel.Blather, message);
}
