using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>
/// A pipe of the daemon's own between a program's pipe and a file. Pages go from pipe to pipe in no time, and whoever writes to the first one is not
/// kept waiting while the file is written. Empty between two moves.
/// </summary>
internal sealed class RelayPipe : IDisposable
{
    // As much as a program's pipe at its largest may hold in small pieces. Refused to a user who has too much already: then moves are smaller.
    private const int Capacity = 1024 * 1024;

    private readonly PipePair _ends;
    private readonly DescriptorPipe _reader;

    private RelayPipe()
    {
        _ends = new PipePair(daemonReads: true);
        _ = Libc.fcntl(_ends.ChildEnd, Libc.F_SETPIPE_SZ, Capacity);
        _reader = _ends.TakeDaemonEnd();
    }

    /// <summary>Null when descriptors have run out.</summary>
    public static RelayPipe? TryCreate()
    {
        try
        {
            return new RelayPipe();
        }
        catch (PosixException)
        {
            return null;
        }
    }

    /// <summary>Takes what is there of another pipe. Returns how many bytes, 0 when that pipe has ended, or the negative error number.</summary>
    public int Fill(int from, int limit) => Splice.Move(from, _ends.ChildEnd, limit);

    /// <summary>Writes to a file where it stands. Returns how many bytes, or the negative error number.</summary>
    public int Empty(int to, int count) => Splice.Move(_reader.Descriptor, to, count);

    /// <summary>Gives back what a file did not take.</summary>
    public byte[] Drain(int count)
    {
        var bytes = new byte[count];
        for (var done = 0; done < count;)
        {
            var read = _reader.Read(bytes.AsSpan(done));
            if (read <= 0)
            {
                return bytes[..done];
            }

            done += read;
        }

        return bytes;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _ends.Dispose();
    }
}
