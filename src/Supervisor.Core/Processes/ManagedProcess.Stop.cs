using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Logging;
using Supervisor.Core.Ports;

namespace Supervisor.Core.Processes;

internal sealed partial class ManagedProcess
{
    private static readonly TimeSpan s_stopReportPeriod = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_killPace = TimeSpan.FromSeconds(1);

    public string? Stop()
    {
        _lastStopReport = null;
        return Kill(Config.StopSignal);
    }

    public string? SendSignal(int signal)
    {
        if (Pid == 0)
        {
            var message = $"attempted to send {Name} sig {SignalNames.LogName(signal)} but it wasn't running";
            Log.Debug(message);
            return message;
        }

        Log.Debug($"sending {Name} (pid {Pid}) sig {SignalNames.LogName(signal)}");
        var errno = Send(Pid, signal);
        if (errno is 0)
        {
            return null;
        }

        if (errno == Posix.ESRCH)
        {
            Log.Debug($"unable to signal {Name} (pid {Pid}), it probably just now exited on its own: {new PosixException(errno).Message}");
            return null;
        }

        return Refused($"unknown problem sending sig {Name} ({Pid})", errno);
    }

    /// <summary>The daemon ends: stops, and retries end in FATAL (DMN-049).</summary>
    internal void StopForShutdown()
    {
        switch (State)
        {
            case ProcessState.Running or ProcessState.Starting:
                Stop();
                break;
            case ProcessState.Backoff:
                GiveUp();
                break;
        }
    }

    /// <summary>BACKOFF to FATAL: retries used up, or the daemon is shutting down (DMN-049).</summary>
    internal void GiveUp()
    {
        _backoff = 0;
        Change(ProcessTrigger.GaveUp);
    }

    private string? Kill(int signal)
    {
        if (State == ProcessState.Backoff)
        {
            Log.Debug($"Attempted to kill {Name}, which is in BACKOFF state.");
            Change(ProcessTrigger.StopRequested);
            return null;
        }

        if (RestartPending)
        {
            // There is no child to wait for here either. In Python Supervisor it would be RUNNING by now, and stop.
            Log.Debug($"Attempted to kill {Name}, which waits for its automatic restart.");
            Change(ProcessTrigger.StopRequested);
            return null;
        }

        if (Pid == 0)
        {
            var message = $"attempted to kill {Name} with sig {SignalNames.LogName(signal)} but it wasn't running";
            Log.Debug(message);
            return message;
        }

        // The second signal of a stop is the SIGKILL, and has a setting of its own.
        var asGroup = State == ProcessState.Stopping ? Config.KillAsGroup : Config.StopAsGroup;
        Log.Debug($"killing {Name} (pid {Pid}) {(asGroup ? "process group " : "")}with signal {SignalNames.LogName(signal)}");
        Killing = true;
        // Upstream's loop repeats a SIGKILL once a second at most; a program that cannot die must not make ours spin.
        var timeout = TimeSpan.FromSeconds(Config.StopWaitSecs);
        _deadline = _context.Clock.Elapsed + (State == ProcessState.Stopping && timeout < s_killPace ? s_killPace : timeout);
        _context.Dirty = true;
        Change(ProcessTrigger.StopRequested);

        var errno = Send(asGroup ? -Pid : Pid, signal);
        if (errno is 0)
        {
            return null;
        }

        if (errno == Posix.ESRCH)
        {
            // The state changes when the child is reaped, not here (PSM-022).
            Log.Debug($"unable to signal {Name} (pid {Pid}), it probably just exited on its own: {new PosixException(errno).Message}");
            return null;
        }

        return Refused($"unknown problem killing {Name} ({Pid})", errno);
    }

    private string Refused(string what, int errno)
    {
        var kind = errno == Posix.EPERM ? "PermissionError" : "OSError";
        var message = $"{what}:Traceback (most recent call last):\n{kind}: {new PosixException(errno).Message}\n";
        Log.Write(LogLevel.Critical, message, LogTextKind.Lines);
        _staysDown |= Killing;
        Killing = false;
        Change(ProcessTrigger.SignalRefused);
        return message;
    }

    // Returns 0 or the error number. What the host throws is a refusal as well, as in Python Supervisor.
    private int Send(int pid, int signal)
    {
        try
        {
            return _context.Ports.Host.Kill(pid, signal);
        }
        catch (Exception e)
        {
            _context.Guard.Report(this, "a signal", e);
            return e is PosixException posix ? posix.Errno : Posix.EIO;
        }
    }

    // Said while somebody waits for the stop, at once and then every two seconds (PSM-024).
    private void ReportStopping()
    {
        if (State != ProcessState.Stopping)
        {
            return;
        }

        var now = _context.Clock.Elapsed;
        if (_lastStopReport is { } last && now - last < s_stopReportPeriod)
        {
            return;
        }

        Log.Info($"waiting for {Name} to stop");
        _lastStopReport = now;
        _context.Dirty = true;
    }
}
