using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>
/// Blocks signals in every thread, so that only a signalfd sees them. A mask can be set for the own thread only, and the runtime has
/// threads before Main runs; but a mask survives execve. So the first thing Main does is to block and to execute itself again, in place:
/// same pid, same arguments, same environment. No signal handler is ever installed (a handler in managed code is not possible, and the
/// runtime's own signal support begins to reap children when the process is PID 1).
/// </summary>
public static unsafe class SignalMask
{
    internal static readonly int[] DaemonSignals = [Libc.SIGTERM, Libc.SIGINT, Libc.SIGQUIT, Libc.SIGHUP, Libc.SIGUSR2];

    /// <summary>
    /// Call at the top of the daemon's Main, before any thread starts. Returns when the daemon's signals are blocked in the whole process;
    /// otherwise it does not return but begins the program anew. Throws <see cref="PosixException"/> when it cannot be executed again.
    /// </summary>
    public static void Ensure() => Ensure(DaemonSignals);

    internal static void Ensure(ReadOnlySpan<int> signals)
    {
        var wanted = Libc.SignalSet.Of(signals);
        if (IsBlocked(wanted))
        {
            SmallHeap.Forget();
            return;
        }

        Libc.SignalSet old;
        var error = Libc.pthread_sigmask(Libc.SIG_BLOCK, &wanted, &old);
        if (error != 0)
        {
            throw new PosixException(error);
        }

        SmallHeap.Ask();
        using var arguments = SelfImage.Arguments();
        var path = SelfImage.Path();
        _ = Libc.execv(path, arguments.Pointer);
        error = Libc.Errno;
        _ = Libc.pthread_sigmask(Libc.SIG_SETMASK, &old, null);
        throw new PosixException(error, OsText.Decode(path.AsSpan(0, path.Length - 1)));
    }

    /// <summary>
    /// Runs a piece of the start in which TERM, INT and QUIT end the process as they end any other: nobody reads them yet, and the piece
    /// may take as long as somebody else's file system likes. On the main thread, which is the only one to hear them.
    /// </summary>
    public static T Interruptible<T>(Func<T> body)
    {
        var ends = Libc.SignalSet.Of([Libc.SIGTERM, Libc.SIGINT, Libc.SIGQUIT]);
        Libc.SignalSet old;
        _ = Libc.pthread_sigmask(Libc.SIG_UNBLOCK, &ends, &old);
        try
        {
            return body();
        }
        finally
        {
            _ = Libc.pthread_sigmask(Libc.SIG_SETMASK, &old, null);
        }
    }

    internal static bool IsBlocked(in Libc.SignalSet wanted)
    {
        Libc.SignalSet current;
        _ = Libc.pthread_sigmask(Libc.SIG_BLOCK, null, &current);
        return current.Contains(wanted);
    }
}
