using Supervisor.Core.Engine;
using Supervisor.Core.Ports;
using Supervisor.Unix;

namespace Supervisor.Daemon.Hosting;

/// <summary>
/// Turns the engine: waits for descriptors, the doorbell or the next deadline, and walks the phases in Python Supervisor's own,
/// observable order (DMN-041). With nothing to do it sleeps for ever.
/// </summary>
/// <remarks>The caller holds the poller's work gate.</remarks>
internal sealed class SupervisorLoop(
    SupervisorEngine engine, EpollPoller poller, Mailbox mailbox, ChildWaiter children, SignalInbox signals, IActivityLog log)
{
    // An error that comes back with every turn must not become a busy loop.
    private static readonly TimeSpan s_errorPace = TimeSpan.FromSeconds(1);

    // The first pass does not wait: autostart programs start in it (DMN-040).
    private TimeSpan? _wait = TimeSpan.Zero;

    /// <summary>Runs until everything has stopped (DMN-048).</summary>
    public void Run()
    {
        mailbox.Admit(engine);
        while (true)
        {
            Guarded(l => l.Engine.BeginTurn());
            if (engine.Ended)
            {
                return;
            }

            Guarded(l => l.Poller.Wait(l._wait, l.Engine.TakeListenerSpeaks(), l.Engine.TakeNap()));
            Guarded(l => l.Mailbox.Deliver(l.Engine));
            Guarded(l => l.Engine.EndTurn());
            children.Continue();
            Guarded(l => l.TakeSignals());
            _wait = engine.NextWait();
        }
    }

    private SupervisorEngine Engine => engine;

    private EpollPoller Poller => poller;

    private Mailbox Mailbox => mailbox;

    private void TakeSignals()
    {
        while (signals.TryTake(out var signal))
        {
            engine.OnSignal(signal);
        }
    }

    // No fault that the code below does not know may end the daemon and leave all programs to nobody: it is told, and the next phase goes on.
    private void Guarded(Action<SupervisorLoop> phase)
    {
        try
        {
            phase(this);
        }
        catch (Exception e)
        {
            log.Critical($"unexpected error, supervision goes on: {e}");
            Thread.Sleep(s_errorPace);
        }
    }
}
