using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>
/// A pipe of the daemon's own between a program's pipe and a file. Pages go from pipe to pipe in no time, and whoever writes to the first one is not
/// kept waiting while the file is written. Empty between two moves. One for each thread; lives as long as the thread.
/// </summary>
internal sealed unsafe class RelayPipe
{
    // As much as a program's pipe at its largest may hold in small pieces. Refused to a user who has too much already: then moves are smaller.
    private const int Capacity = 1024 * 1024;

    [ThreadStatic]
    private static RelayPipe? s_own;

    private readonly int _reader;
    private readonly int _writer;

    private RelayPipe(int reader, int writer)
    {
        (_reader, _writer) = (reader, writer);
    }

    /// <summary>Null when descriptors have run out.</summary>
    public static RelayPipe? Own => s_own ??= Create();

    /// <summary>Takes what is there of another pipe. Returns how many bytes, 0 when that pipe has ended, or the negative error number.</summary>
    public int Fill(int from, int limit) => Splice.Move(from, _writer, limit);

    /// <summary>Writes to a file where it stands. Returns how many bytes, or the negative error number.</summary>
    public int Empty(int to, int count) => Splice.Move(_reader, to, count);

    /// <summary>Gives back what a file did not take.</summary>
    public byte[] Drain(int count)
    {
        var bytes = new byte[count];
        var done = 0;
        fixed (byte* start = bytes)
        {
            while (done < count)
            {
                var read = (int)Libc.read(_reader, start + done, count - done);
                if (read <= 0 && Libc.Errno != Posix.EINTR)
                {
                    break;
                }

                done += Math.Max(0, read);
            }
        }

        return bytes[..done];
    }

    private static RelayPipe? Create()
    {
        var ends = stackalloc int[2];
        if (Libc.pipe2(ends, Libc.O_CLOEXEC | Libc.O_NONBLOCK) < 0)
        {
            return null;
        }

        _ = Libc.fcntl(ends[1], Libc.F_SETPIPE_SZ, Capacity);
        return new RelayPipe(ends[0], ends[1]);
    }
}
