using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>What a starter may have left behind (nohup, a careless parent) and must not stay.</summary>
internal static unsafe class SignalDispositions
{
    /// <summary>SIGCHLD to its default, without SA_NOCLDWAIT, if it was ignored.</summary>
    internal static void KeepChildStatuses() => Reset(Libc.SIGCHLD);

    internal static void Reset(int signal)
    {
        Libc.SignalAction current;
        Libc.Check(Libc.sigaction(signal, null, &current));
        if (current.Handler == Libc.SIG_IGN || (current.Handler == Libc.SIG_DFL && (current.Flags & Libc.SA_NOCLDWAIT) != 0))
        {
            var plain = default(Libc.SignalAction);
            Libc.Check(Libc.sigaction(signal, &plain, null));
        }
    }
}
