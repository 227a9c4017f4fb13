using Supervisor.Core.Ports;

namespace Supervisor.Core.Processes;

internal sealed partial class ManagedProcess
{
    /// <summary>The child was reaped: takes in what it still said and decides the state that follows (PSM-007..014, PSM-019).</summary>
    internal void Finish(int rawStatus)
    {
        _stdout?.Drain();
        _stderr?.Drain();

        var status = WaitStatus.Decode(rawStatus);
        _lastStop = _context.Clock.Wall;
        var tooQuickly = _context.Clock.Elapsed - _lastStartElapsed < TimeSpan.FromSeconds(Config.StartSecs);
        var expected = Config.ExitCodes.Contains(status.ExitCode);

        if (State == ProcessState.Unknown)
        {
            _exitStatus = status.ExitCode;
            Killing = false;
            Log.Warn($"exited: {Name} ({status.Text}; not expected)");
            Change(ProcessTrigger.Exited);
        }
        else if (Killing)
        {
            Killing = false;
            _exitStatus = status.ExitCode;
            Change(ProcessTrigger.Stopped);
            Log.Write(
                expected ? Configuration.Model.LogLevel.Info : Configuration.Model.LogLevel.Warn, $"stopped: {Name} ({status.Text})");
        }
        else if (tooQuickly && State == ProcessState.Starting)
        {
            _exitStatus = null;
            SpawnError = "Exited too quickly (process log may have details)";
            Change(ProcessTrigger.StartFailed);
            Log.Warn($"exited: {Name} ({status.Text}; not expected)");
        }
        else
        {
            FinishRunning(status, expected);
        }

        _context.Children.Remove(Pid);
        Pid = 0;
        CloseChannels();
        _group.Sockets.Release(this);
        Listener?.ChildGone();
    }

    private void FinishRunning(WaitStatus status, bool expected)
    {
        _backoff = 0;
        _exitStatus = status.ExitCode;
        if (State == ProcessState.Starting)
        {
            // It ended after startsecs but before the loop came round to say so (PSM-012).
            Change(ProcessTrigger.StayedUp);
        }

        if (expected)
        {
            Change(ProcessTrigger.Exited, expected: true);
            Log.Info($"exited: {Name} ({status.Text}; expected)");
        }
        else
        {
            SpawnError = $"Bad exit code {status.ExitCode}";
            Change(ProcessTrigger.Exited, expected: false);
            Log.Warn($"exited: {Name} ({status.Text}; not expected)");
        }
    }

    private void CloseChannels()
    {
        _stdin?.Close();
        _stdout?.Finish();
        _stderr?.Finish();
        _stdin = null;
        _stdout = _stderr = null;
    }
}
