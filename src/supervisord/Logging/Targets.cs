using System.Text;
using NLog;
using NLog.Targets;
using Supervisor.Core.Logging;
using Supervisor.Core.Ports;

namespace Supervisor.Daemon.Logging;

/// <summary>Into the rotating file. NLog calls targets under their lock; <see cref="Use"/> takes the same one.</summary>
internal sealed class FileTarget(RotatingLogFile file) : Target
{
    public void Use(Action<RotatingLogFile> action)
    {
        lock (SyncRoot)
        {
            action(file);
        }
    }

    protected override void Write(LogEventInfo logEvent)
    {
        var line = (ActivityEvent)logEvent;
        file.Write(Encoding.UTF8.GetBytes(line.Prefix + line.Text + "\n"));
    }
}

/// <summary>To stdout.</summary>
internal sealed class StreamTarget(Action<ReadOnlyMemory<byte>> write) : Target
{
    protected override void Write(LogEventInfo logEvent)
    {
        var line = (ActivityEvent)logEvent;
        write(Encoding.UTF8.GetBytes(line.Prefix + line.Text + "\n"));
    }
}

/// <summary>To the system logger, each line of a message on its own with the same prefix (DMN-013).</summary>
internal sealed class SyslogTarget(ISyslog syslog) : Target
{
    protected override void Write(LogEventInfo logEvent)
    {
        var line = (ActivityEvent)logEvent;
        foreach (var part in line.Text.TrimEnd('\n').Split('\n'))
        {
            syslog.Write(Encoding.UTF8.GetBytes(line.Prefix + part + "\n"));
        }
    }
}
