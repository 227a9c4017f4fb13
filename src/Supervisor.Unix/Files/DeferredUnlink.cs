using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>
/// A big file's content goes with the last reference to it, and that takes the kernel a while: thirty milliseconds for half a gigabyte in memory,
/// more on a slow disk. With a reference kept, the name is gone at once, and a worker thread releases the rest.
/// </summary>
internal sealed class DeferredUnlink
{
    private const ulong Big = 4 << 20;

    // Each is a descriptor. Beyond that the caller waits for the kernel.
    private const int MostPending = 16;

    private static int s_pending;

    private readonly int _descriptor;

    private DeferredUnlink(int descriptor) => _descriptor = descriptor;

    /// <summary>
    /// Null for a small file, when there cannot be a reference, and on a disk with less room left than the file takes: there the room is
    /// wanted before the next write.
    /// </summary>
    /// <param name="path">Ends with a zero byte.</param>
    public static DeferredUnlink? Take(byte[] path)
    {
        if (Volatile.Read(ref s_pending) >= MostPending)
        {
            return null;
        }

        var descriptor = Libc.open(path, Libc.O_PATH | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, 0);
        if (descriptor < 0)
        {
            return null;
        }

        if (IsWorthIt(descriptor))
        {
            return new DeferredUnlink(descriptor);
        }

        Libc.Close(descriptor);
        return null;
    }

    public void Release()
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

    private static bool IsWorthIt(int descriptor)
    {
        try
        {
            var status = FileStat.Of(descriptor);
            return status.IsRegular && status.Size >= Big
                && Libc.fstatvfs(descriptor, out var disk) == 0 && disk.Available > status.Size / Math.Max(disk.Unit, 1);
        }
        catch (PosixException)
        {
            return false;
        }
    }
}
