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
    private readonly PhaseGuard _guard = new(log, TimeSpan.FromSeconds(1));

    // The first pass does not wait: autostart programs start in it (DMN-040).
    private TimeSpan? _wait = TimeSpan.Zero;

    /// <summary>Runs until everything has stopped (DMN-048).</summary>
    public void Run()
    {
        mailbox.Admit(engine);
        while (true)
        {
            _guard.Run(this, l => l.Engine.BeginTurn());
            if (engine.Ended)
            {
                return;
            }

            _guard.Run(this, l => l.Poller.Wait(l._wait, l.Engine.TakeListenerSpeaks(), l.Engine.TakeNap()));
            _guard.Run(this, l => l.Mailbox.Deliver(l.Engine));
            _guard.Run(this, l => l.Engine.EndTurn());
            children.Continue();
            _guard.Run(this, l => l.TakeSignals());
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
}
