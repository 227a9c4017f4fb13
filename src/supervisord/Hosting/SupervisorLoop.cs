using Supervisor.Core.Engine;
using Supervisor.Unix;

namespace Supervisor.Daemon.Hosting;

/// <summary>The next signal that has arrived; false when there is none.</summary>
internal delegate bool TakeSignal(out int signal);

/// <summary>
/// Turns the engine: waits for descriptors, a wake-up or the next deadline, and walks the phases in Python Supervisor's own,
/// observable order (DMN-041). With nothing to do it sleeps without a time limit.
/// </summary>
/// <remarks>The caller holds the poller's work gate.</remarks>
internal sealed class SupervisorLoop(SupervisorEngine engine, EpollPoller poller, LoopDispatcher dispatcher, ChildWaiter children, TakeSignal takeSignal)
{
    // After a phase that threw the next wait is no shorter, so that an error of every turn does not spin. Descriptors and wake-ups still end it.
    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(1);

    // A wait that cannot wait: short, since nothing is answered meanwhile but calls that only read.
    private static readonly TimeSpan s_rest = TimeSpan.FromMilliseconds(100);

    private readonly PhaseGuard _guard = new(engine.Faults);

    // The first pass does not wait: autostart programs start in it (DMN-040).
    private TimeSpan? _wait = TimeSpan.Zero;

    /// <summary>Runs until everything has stopped (DMN-048).</summary>
    public void Run()
    {
        dispatcher.Attach(engine);
        while (true)
        {
            _guard.Run("the stop sequence", this, static l => l.Engine.BeginTurn());
            if (engine.Ended)
            {
                return;
            }

            if (!_guard.Run("the wait", this, static l => l.Poller.Wait(l._wait, l.Engine.TakeListenerSpeaks())))
            {
                Rest();
            }

            _guard.Run("a call", this, static l => l.Dispatcher.DrainQueue(l.Engine));
            _guard.Run("a turn", this, static l => l.Engine.EndTurn());
            children.Continue();
            while (takeSignal(out var signal))
            {
                _guard.Run("a signal", (engine, signal), static x => x.engine.OnSignal(x.signal));
            }

            _guard.Run("the next deadline", this, static l => l._wait = l.Engine.NextWait());
            if (_guard.TakeFailed() && !(_wait >= s_pace))
            {
                _wait = s_pace;
            }
        }
    }

    private SupervisorEngine Engine => engine;

    private EpollPoller Poller => poller;

    private LoopDispatcher Dispatcher => dispatcher;

    // Gives up the gate as the wait would have done.
    private void Rest()
    {
        poller.LoopLock?.Exit();
        Thread.Sleep(s_rest);
        poller.LoopLock?.Enter();
    }
}
