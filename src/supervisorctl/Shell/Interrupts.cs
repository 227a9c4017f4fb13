using System.Runtime.InteropServices;

namespace Supervisor.Ctl.Shell;

/// <summary>What SIGINT means at the moment. While nobody has said anything it ends the process as usual.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly Lock gate = new();
    private readonly Stack<Action> actions = new();
    private PosixSignalRegistration? registration;

    /// <summary>From now until disposal SIGINT runs <paramref name="action"/>, on a thread of its own.</summary>
    public IDisposable Handle(Action action)
    {
        lock (gate)
        {
            actions.Push(action);
            registration ??= PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = Raise());
        }

        return new Scope(this);
    }

    /// <summary>False when nobody handles the signal.</summary>
    internal bool Raise()
    {
        Action? action;
        lock (gate)
        {
            _ = actions.TryPeek(out action);
        }

        action?.Invoke();
        return action is not null;
    }

    public void Dispose() => registration?.Dispose();

    private void Pop()
    {
        lock (gate)
        {
            _ = actions.Pop();
            if (actions.Count == 0)
            {
                registration?.Dispose();
                registration = null;
            }
        }
    }

    private sealed class Scope(Interrupts owner) : IDisposable
    {
        public void Dispose() => owner.Pop();
    }
}
