using System.Runtime.InteropServices;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>What a starter may have left behind (nohup, a careless parent) and must not stay.</summary>
internal static unsafe class SignalDispositions
{
    /// <summary>SIGCHLD to its default, without SA_NOCLDWAIT, if it was ignored.</summary>
    internal static void KeepChildStatuses() => Reset(Libc.SIGCHLD);

    /// <summary>
    /// A write beyond RLIMIT_FSIZE fails with EFBIG instead of ending the process. By a handler that does nothing, a function of the C
    /// library without side effects: unlike an ignored signal it is back at its default in everything that this process executes.
    /// </summary>
    internal static void SurviveFileSizeLimit()
    {
        var nothing = new Libc.SignalAction
        {
            Handler = NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "abs"),
            Flags = Libc.SA_RESTART,
        };
        Libc.Check(Libc.sigaction(Libc.SIGXFSZ, &nothing, null));
    }

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
