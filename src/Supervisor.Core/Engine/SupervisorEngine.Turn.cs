using Supervisor.Core.Configuration;
using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Events;
using Supervisor.Core.Groups;
using Supervisor.Core.Ports;
using Supervisor.Core.Processes;

namespace Supervisor.Core.Engine;

public sealed partial class SupervisorEngine
{
    private static readonly TimeSpan s_shutdownReportPeriod = TimeSpan.FromSeconds(3);

    // Python Supervisor's loop needs up to a second from the last event to the stop of its listener, by accident; listeners rely on it.
    private static readonly TimeSpan s_listenerGrace = TimeSpan.FromSeconds(1);

    // For a reader of the last output; the same time that listeners get for the last events.
    private static readonly TimeSpan s_logGrace = TimeSpan.FromSeconds(1);

    private bool _stopping;
    private TimeSpan? _lingersSince;
    private TimeSpan? _heldSince;
    private List<ManagedGroup> _stopOrder = [];
    private TimeSpan? _lastShutdownReport;
    private TimeSpan? _nextDue;

    /// <summary>Everything has stopped after a shutdown or restart request: leave the loop.</summary>
    public bool Ended { get; private set; }

    /// <summary>After the end: start again in the same process (DMN-070).</summary>
    public bool RestartRequested => State == SupervisorState.Restarting;

    /// <summary>Announces the running daemon; before any program is spawned (EVT-074).</summary>
    public void Start() => _bus.Notify(EventType.SupervisorStateChangeRunning, () => "");

    /// <summary>The phase before the wait: stop sequencing (DMN-048..050).</summary>
    public void BeginTurn()
    {
        if (State >= SupervisorState.Running)
        {
            return;
        }

        if (!_stopping)
        {
            _stopping = true;
            _stopOrder = [.. _byPriority];
            _bus.Notify(EventType.SupervisorStateChangeStopping, () => "");
            _context.Dirty = true;
        }

        if (_stopOrder.Count > 0 && !HoldsForEvents(_stopOrder[^1]))
        {
            _stopOrder[^1].StopAll();
        }

        var unstopped = _groups.SelectMany(g => g.Living).ToList();
        if (unstopped.Count == 0)
        {
            Ended = !HoldsForLogs();
            return;
        }

        ReportShutdown(unstopped);
    }

    /// <summary>The phases after the wait: transitions by priority, reaping, ticks, stop sequencing.</summary>
    public void EndTurn()
    {
        TransitionAll();
        ReapNow();
        _guard.Run(_ticks, "the ticks", static t => t.Tick());
        if (State < SupervisorState.Running && _stopOrder.Count > 0 && !_stopOrder[^1].Living.Any())
        {
            _stopOrder.RemoveAt(_stopOrder.Count - 1);
            _heldSince = null;
            _context.Dirty = true;
        }
    }

    /// <summary>How long the loop may sleep; null for ever.</summary>
    public TimeSpan? NextWait()
    {
        if (_context.Dirty || _context.EventsMove || (State < SupervisorState.Running && !_stopping))
        {
            return TimeSpan.Zero;
        }

        var now = _clock.Elapsed;
        var wait = _nextDue is { } due ? due - now : (TimeSpan?)null;
        wait = Earlier(wait, _poller.NextDue - now);
        wait = Earlier(wait, _ticks.NextWait());
        if (_stopping && _lastShutdownReport is { } last)
        {
            wait = Earlier(wait, last + s_shutdownReportPeriod - now);
        }

        if (_heldSince is { } held)
        {
            wait = Earlier(wait, held + s_listenerGrace - now);
        }

        if (_lingersSince is { } lingers)
        {
            wait = Earlier(wait, lingers + s_logGrace - now);
        }

        return wait is { } w && w < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    /// <summary>Whether a listener will most likely speak within microseconds; once per reason.</summary>
    public bool TakeListenerSpeaks()
    {
        var speaks = _context.ListenerSpeaks;
        _context.ListenerSpeaks = false;
        return speaks;
    }

    /// <summary>Takes in every child that has ended; a stranger is an orphan that PID 1 inherits (DMN-054).</summary>
    public void ReapNow()
    {
        while (TryReap(out var child))
        {
            if (_context.Children.TryGetValue(child.Pid, out var process))
            {
                process.Finish(child.WaitStatus);
            }
            else
            {
                _ports.Log.Info($"reaped unknown pid {child.Pid} ({WaitStatus.Decode(child.WaitStatus).Text})");
            }
        }
    }

    private bool TryReap(out ReapedChild child)
    {
        try
        {
            return _ports.Host.TryReap(out child);
        }
        catch (PosixException e)
        {
            _ports.Log.Critical($"waitpid error {e.Errno}; a process may not be cleaned up properly");
        }
        catch (Exception e)
        {
            _guard.Report(_ports.Host, "reaping", e);
        }

        child = default;
        return false;
    }

    /// <summary>Handles one of the signals the daemon listens to (DMN-043..045).</summary>
    public void OnSignal(int signal)
    {
        var name = SignalNames.LogName(signal);
        switch (signal)
        {
            case SignalNames.Term or SignalNames.Int or SignalNames.Quit:
                _ports.Log.Warn($"received {name} indicating exit request");
                Shutdown();
                break;
            case SignalNames.Hup when State == SupervisorState.Shutdown:
                _ports.Log.Warn($"ignored {name} indicating restart request (shutdown in progress)");
                break;
            case SignalNames.Hup:
                _ports.Log.Warn($"received {name} indicating restart request");
                RestartOnSignal();
                break;
            case SignalNames.Usr2:
                _ports.Log.Info($"received {name} indicating log reopen request");
                _ports.Log.Info("supervisord logreopen");
                _guard.Run(_ports.Log, "reopening the log", static l => l.Reopen());
                foreach (var group in _groups)
                {
                    group.ReopenLogs();
                }

                _ports.RestoreNames();

                break;
            default:
                _ports.Log.Blather($"received {name} indicating nothing");
                break;
        }
    }

    private void RestartOnSignal()
    {
        try
        {
            Restart();
        }
        catch (ConfigException e)
        {
            _ports.Log.Error($"not restarted, the configuration is refused: {e.Message}");
        }
    }

    private void TransitionAll()
    {
        _poller.Resume();
        if (!_context.Dirty && !(_nextDue is { } due && due <= _clock.Elapsed))
        {
            DispatchEvents();
            return;
        }

        // What a transition changes (a listener's group comes first and may get an event from a later group) asks for another turn.
        _context.Dirty = false;
        _context.EventsMove = false;
        foreach (var group in _byPriority)
        {
            group.Transition();
        }

        _nextDue = null;
        foreach (var group in _groups)
        {
            _nextDue = Earlier(_nextDue, group.NextDue());
        }
    }

    private void DispatchEvents()
    {
        if (!_context.EventsMove)
        {
            return;
        }

        _context.EventsMove = false;
        foreach (var group in _byPriority)
        {
            (group as ListenerPool)?.Dispatch();
        }
    }

    // The events of the shutdown itself, the last ones above all, reach a listener before it is asked to stop (EVT-037).
    private bool HoldsForEvents(ManagedGroup next)
    {
        if (next is not ListenerPool pool || pool.Settled)
        {
            return false;
        }

        _heldSince ??= _clock.Elapsed;
        return _clock.Elapsed - _heldSince < s_listenerGrace;
    }

    // Pipes and terminals that have not taken the last output yet.
    private bool HoldsForLogs()
    {
        if (!_context.Lingering.Any)
        {
            return false;
        }

        _lingersSince ??= _clock.Elapsed;
        if (_clock.Elapsed - _lingersSince < s_logGrace)
        {
            return true;
        }

        _guard.Run(_context.Lingering, "giving up the last output", static l => l.GiveUp());
        return _context.Lingering.Any;
    }

    private void ReportShutdown(List<ManagedProcess> unstopped)
    {
        var now = _clock.Elapsed;
        if (_lastShutdownReport is { } last && now - last < s_shutdownReportPeriod)
        {
            return;
        }

        _lastShutdownReport = now;
        _ports.Log.Info($"waiting for {string.Join(", ", unstopped.Select(p => p.Name))} to die");
        if (_ports.Log.IsEnabled(LogLevel.Blather))
        {
            foreach (var process in unstopped)
            {
                _ports.Log.Blather($"{process.Name} state: {process.State.WireName()}");
            }
        }
    }

    private static TimeSpan? Earlier(TimeSpan? a, TimeSpan? b) => (a, b) switch
    {
        (null, _) => b,
        (_, null) => a,
        _ => a < b ? a : b,
    };
}
