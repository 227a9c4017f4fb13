using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Engine;
using Supervisor.Core.Ports;

namespace Supervisor.Core.Processes;

internal sealed partial class ManagedProcess
{
    // Python Supervisor's loop restarts a program that exits at once about once a second by accident of its poll timeout. Here a real
    // crash is acted on at once and only a crash loop is held to that pace.
    private static readonly TimeSpan s_restartPace = TimeSpan.FromSeconds(1);

    /// <summary>The transition of a turn. Does not throw; a process whose transition throws is left alone for a moment.</summary>
    internal void Turn()
    {
        var now = _context.Clock.Elapsed;
        if (_heldUntil is { } until && now < until)
        {
            return;
        }

        _heldUntil = _context.Guard.Run(this, "the transition", static p => p.Transition()) ? null : now + FaultGuard.Pace;
    }

    public void Transition()
    {
        var state = State;
        var now = _context.Clock.Elapsed;
        if (_context.State > SupervisorState.Restarting && StartDue(now))
        {
            Spawn();
        }

        if (state == ProcessState.Starting && _startBroken)
        {
            if (now >= _deadline)
            {
                KillBrokenStart();
            }
        }
        else if (state == ProcessState.Starting && State == ProcessState.Starting && now >= RunningAt)
        {
            _backoff = 0;
            Change(ProcessTrigger.StayedUp);
            Log.Info($"success: {Name} entered RUNNING state, process has stayed up for > than {Config.StartSecs} seconds (startsecs)");
        }

        if (state == ProcessState.Backoff && State == ProcessState.Backoff && _backoff > Config.StartRetries)
        {
            GiveUp();
            Log.Info($"gave up: {Name} entered FATAL state, too many start retries too quickly");
        }
        else if (state == ProcessState.Stopping && now >= _deadline)
        {
            Log.Warn($"killing '{Name}' ({Pid}) with SIGKILL");
            Kill(SignalNames.Kill);
        }

        if (_stopWaiters.Count > 0)
        {
            ReportStopping();
        }

        _stdout?.TellPause();
        _stderr?.TellPause();
    }

    /// <summary>When a transition has to be tried again, on the monotonic clock; null when only an outside event can matter.</summary>
    internal TimeSpan? NextDue()
    {
        if (_heldUntil is { } held)
        {
            return held;
        }

        var due = State switch
        {
            ProcessState.Starting => _startBroken ? _deadline : RunningAt,
            ProcessState.Stopping => _deadline,
            ProcessState.Backoff when _backoff > Config.StartRetries => TimeSpan.Zero,
            ProcessState.Backoff when _context.State > SupervisorState.Restarting => _deadline,
            ProcessState.Exited when RestartPending => _lastStartElapsed + s_restartPace,
            ProcessState.Stopped when WantsAutoStart => TimeSpan.Zero,
            _ => (TimeSpan?)null,
        };
        if (_stopWaiters.Count > 0 && _lastStopReport is { } last && State == ProcessState.Stopping)
        {
            var report = last + s_stopReportPeriod;
            due = Earlier(due, report);
        }

        return Earlier(Earlier(due, _stdout?.PauseDue), _stderr?.PauseDue);
    }

    private static TimeSpan? Earlier(TimeSpan? a, TimeSpan? b) => b is null || a < b ? a : b;

    private TimeSpan RunningAt => _lastStartElapsed + TimeSpan.FromSeconds(Config.StartSecs);

    private bool WantsAutoStart => _context.State > SupervisorState.Restarting && Config.AutoStart && _lastStart is null;

    private bool WantsRestart => _context.State > SupervisorState.Restarting && !_staysDown && Config.AutoRestart switch
    {
        AutoRestart.Always => true,
        AutoRestart.Unexpected => _exitStatus is not { } status || !Config.ExitCodes.Contains(status),
        _ => false,
    };

    private bool StartDue(TimeSpan now) => State switch
    {
        ProcessState.Exited => RestartPending && now >= _lastStartElapsed + s_restartPace,
        ProcessState.Stopped => WantsAutoStart,
        ProcessState.Backoff => _backoff <= Config.StartRetries && now >= _deadline,
        _ => false,
    };
}
