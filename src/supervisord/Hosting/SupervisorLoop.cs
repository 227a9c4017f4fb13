using Supervisor.Core.Engine;
using Supervisor.Unix;

namespace Supervisor.Daemon.Hosting;

/// <summary>
/// Turns the engine: waits for descriptors, the doorbell or the next deadline, and walks the phases in Python Supervisor's own,
/// observable order (DMN-041). With nothing to do it sleeps for ever.
/// </summary>
/// <remarks>The caller holds the poller's work gate.</remarks>
internal sealed class SupervisorLoop(
    SupervisorEngine engine, EpollPoller poller, Mailbox mailbox, ChildWaiter children, SignalInbox signals)
{
    /// <summary>Runs until everything has stopped (DMN-048).</summary>
    public void Run()
    {
        // The first pass does not wait: autostart programs start in it (DMN-040).
        TimeSpan? wait = TimeSpan.Zero;
        mailbox.Admit(engine);
        while (true)
        {
            engine.BeginTurn();
            if (engine.Ended)
            {
                return;
            }

            poller.Wait(wait, engine.TakeListenerSpeaks());
            mailbox.Deliver(engine);
            engine.EndTurn();
            children.Continue();
            while (signals.TryTake(out var signal))
            {
                engine.OnSignal(signal);
            }

            wait = engine.NextWait();
        }
    }
}
