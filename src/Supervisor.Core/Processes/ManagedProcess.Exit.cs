using Supervisor.Core.Ports;

namespace Supervisor.Core.Processes;

internal sealed partial class ManagedProcess
{
    /// <summary>
    /// The child was reaped: takes in what it still said and decides the state that follows (PSM-007..014, PSM-019). Does not throw; whatever goes wrong,
    /// the process ends up without a pid and in a state that needs none.
    /// </summary>
    internal void Finish(int rawStatus)
    {
        var guard = _context.Guard;
        guard.Run(this, "reading the last output", static p => p._stdout?.Drain());
        guard.Run(this, "reading the last errors", static p => p._stderr?.Drain());
        if (!guard.Run((Process: this, rawStatus), "the end", static x => x.Process.Conclude(WaitStatus.Decode(x.rawStatus))))
        {
            guard.Run(this, "the end", static p => p.SettleWithoutChild());
        }

        _startBroken = false;
        _context.Children.Remove(Pid);
        Pid = 0;
        CloseChannels();
        guard.Run(this, "closing the socket", static p => p._group.Sockets.Release(p));
        guard.Run(this, "giving its event back", static p => p.Listener?.ChildGone());
    }

    private void Conclude(WaitStatus status)
    {
        _lastStop = _context.Clock.Wall;
        var tooQuickly = _context.Clock.Elapsed - _lastStartElapsed < TimeSpan.FromSeconds(Config.StartSecs);
        var expected = Config.ExitCodes.Contains(status.ExitCode);

        if (Killing)
        {
            Killing = false;
            _exitStatus = status.ExitCode;
            Change(ProcessTrigger.Stopped);
            Log.Write(
                expected ? Configuration.Model.LogLevel.Info : Configuration.Model.LogLevel.Warn, $"stopped: {Name} ({status.Text})");
        }
        else if (State == ProcessState.Starting && (tooQuickly || _startBroken))
        {
            _exitStatus = null;
            SpawnError = _startBroken ? SpawnError : "Exited too quickly (process log may have details)";
            Change(ProcessTrigger.StartFailed);
            Log.Warn($"exited: {Name} ({status.Text}; not expected)");
        }
        else
        {
            FinishRunning(status, expected);
        }
    }

    // The child is gone, and the way to the right state threw: any state that needs a child would never end.
    private void SettleWithoutChild()
    {
        Killing = false;
        ProcessTrigger? trigger = State switch
        {
            ProcessState.Starting => ProcessTrigger.StartFailed,
            ProcessState.Running or ProcessState.Unknown => ProcessTrigger.Exited,
            ProcessState.Stopping => ProcessTrigger.Stopped,
            _ => null,
        };
        if (trigger is { } needed)
        {
            Change(needed, expected: false);
        }
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
        var (stdin, stdout, stderr) = (_stdin, _stdout, _stderr);
        _stdin = null;
        _stdout = _stderr = null;
        var guard = _context.Guard;
        guard.Run((this, stdin), "closing the stdin", static x => x.stdin?.Close());
        guard.Run((this, stdout), "closing the stdout", static x => x.stdout?.Finish());
        guard.Run((this, stderr), "closing the stderr", static x => x.stderr?.Finish());
    }
}
