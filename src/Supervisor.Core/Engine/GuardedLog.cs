using System.Globalization;
using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Logging;
using Supervisor.Core.Ports;

namespace Supervisor.Core.Engine;

/// <summary>The activity log as the engine uses it: a line that cannot be written never changes what happens to a process.</summary>
internal sealed class GuardedLog(IActivityLog inner) : IActivityLog
{
    private int _lost;

    public bool IsEnabled(LogLevel level)
    {
        try
        {
            return inner.IsEnabled(level);
        }
        catch (Exception)
        {
            _lost++;
            return false;
        }
    }

    public void Write(LogLevel level, string message, LogTextKind kind = LogTextKind.Line)
    {
        try
        {
            inner.Write(level, message, kind);
            if (_lost > 0)
            {
                var lost = _lost.ToString(CultureInfo.InvariantCulture);
                _lost = 0;
                inner.Write(LogLevel.Critical, $"{lost} messages could not be written to this log");
            }
        }
        catch (Exception)
        {
            _lost++;
        }
    }

    // Asked for by an operator, who gets to know when it fails.
    public void Reopen() => inner.Reopen();

    public void Clear() => inner.Clear();
}
