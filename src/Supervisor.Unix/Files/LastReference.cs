using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>
/// A big file's content goes with the last reference to it, and that takes the kernel a while: thirty milliseconds for half a gigabyte in memory,
/// more on a slow disk. Nobody is to wait for it: with a reference kept, the name is gone at once, and a worker lets go of the rest.
/// </summary>
internal sealed class LastReference
{
    private const ulong Big = 4 << 20;

    // Each is a descriptor. Should the workers be behind that far, the caller waits after all.
    private const int MostPending = 16;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private static int s_pending;

    private readonly int _descriptor;

    private LastReference(int descriptor) => _descriptor = descriptor;

    /// <summary>Null for a small file, and when there cannot be one.</summary>
    /// <param name="path">Ends with a zero byte.</param>
    public static LastReference? Take(byte[] path)
    {
        if (Volatile.Read(ref s_pending) >= MostPending
            || Libc.statx(Libc.AT_FDCWD, path, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC, out var status) < 0
            || (status.Mode & Libc.S_IFMT) != Libc.S_IFREG || status.Size < Big)
        {
            return null;
        }

        var descriptor = Libc.open(path, Libc.O_PATH | Libc.O_CLOEXEC, 0);
        return descriptor < 0 ? null : new LastReference(descriptor);
    }

    /// <summary>Waits for the workers. True when something was on its way: there may be room on the disk that was not there before.</summary>
    public static bool Settle() =>
        Volatile.Read(ref s_pending) > 0 && SpinWait.SpinUntil(static () => Volatile.Read(ref s_pending) == 0, s_patience);

    public void LetGo()
    {
        Interlocked.Increment(ref s_pending);
        ThreadPool.UnsafeQueueUserWorkItem(
            static last =>
            {
                Libc.Close(last._descriptor);
                Interlocked.Decrement(ref s_pending);
            },
            this, preferLocal: false);
    }
}
