using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>A file opened for writing. Opened for this daemon alone, so that not to block does not spread to whoever else has it.</summary>
internal sealed unsafe class DescriptorFile : ILogFile
{
    private readonly int _descriptor;
    private readonly string _path;
    private bool _closed;

    // Append mode is off, for the sake of splice; Write puts it on again.
    private bool _moving;

    // Where the last move ended. Somebody else's bytes behind it end all moving.
    private long _end = -1;
    private bool _leftToWrite;

    // There is data from the start on.
    private bool _dense;

    // While moves of a program that is alone in its flood follow each other.
    private RelayPipe? _relay;

    private DescriptorFile(int descriptor, string path)
    {
        _descriptor = descriptor;
        _path = path;
        CanSeek = Libc.lseek(descriptor, 0, Libc.SEEK_END) >= 0;
    }

    public bool CanSeek { get; }

    public int Descriptor => _descriptor;

    // Asked of the kernel and not counted: another process may have truncated the file (LOG-025 has the limits of that).
    public long Position => _closed ? 0 : Math.Max(0, Libc.lseek(_descriptor, 0, Libc.SEEK_CUR));

    /// <summary>New files get 0666 and the umask. Throws <see cref="PosixException"/>.</summary>
    internal static DescriptorFile Open(string path, int flags)
    {
        var name = OsText.Encode(path);
        while (true)
        {
            var descriptor = Libc.open(name, flags | Libc.O_CLOEXEC | Libc.O_NONBLOCK, 0x1B6); // 0666
            if (descriptor >= 0)
            {
                return new DescriptorFile(descriptor, path);
            }

            if (Libc.Errno != Posix.EINTR)
            {
                throw new PosixException(Libc.Errno, path);
            }
        }
    }

    public int Write(ReadOnlySpan<byte> data)
    {
        if (_closed)
        {
            throw new PosixException(Posix.EBADF, _path);
        }

        SetMoving(false);
        fixed (byte* start = data)
        {
            for (var done = 0; done < data.Length;)
            {
                var count = Libc.write(_descriptor, start + done, data.Length - done);
                if (count >= 0)
                {
                    done += (int)count;
                }
                else if (Libc.Errno == Posix.EAGAIN)
                {
                    return done;
                }
                else if (Libc.Errno is var errno && errno != Posix.EINTR && !(errno == Posix.ENOSPC && LastReference.Settle()))
                {
                    throw new PosixException(errno, _path);
                }
            }
        }

        return data.Length;
    }

    /// <summary>
    /// By splice(2), inside the kernel. It refuses a file in append mode, so for as long as moves follow each other the mode is off and every
    /// move looks for the end first. A file that others write to as well is left to <see cref="Write"/>.
    /// </summary>
    public int TakeFrom(IPipe pipe, int limit, bool alone, out byte[] refused)
    {
        refused = [];
        if (_closed || !CanSeek || _leftToWrite || pipe is not DescriptorPipe source || !SetMoving(true))
        {
            return -Posix.EINVAL;
        }

        var end = Libc.lseek(_descriptor, 0, Libc.SEEK_END);
        if (end < 0 || (_end >= 0 && end > _end))
        {
            _leftToWrite = true;
            return -Posix.EINVAL;
        }

        _end = end;
        if (alone)
        {
            _relay ??= RelayPipe.TryCreate();
        }
        else
        {
            DropRelay();
        }

        return _relay is null ? Advance(Splice.Move(source.Descriptor, _descriptor, limit)) : TakeFrom(source, _relay, limit, out refused);
    }

    public void Dispose()
    {
        if (!_closed)
        {
            _closed = true;
            DropRelay();
            Libc.Close(_descriptor);
        }
    }

    private int TakeFrom(DescriptorPipe source, RelayPipe relay, int limit, out byte[] refused)
    {
        refused = [];
        var taken = relay.Fill(source.Descriptor, limit);
        for (var done = 0; done < taken;)
        {
            var count = Advance(relay.Empty(_descriptor, taken - done));
            if (count <= 0)
            {
                // Some file systems cannot, ever; a full disk will be met again and told by Write.
                _leftToWrite = count == -Posix.EINVAL;
                refused = relay.Drain(taken - done);
                return done;
            }

            done += count;
        }

        return taken;
    }

    private void DropRelay()
    {
        _relay?.Dispose();
        _relay = null;
    }

    private int Advance(int moved)
    {
        if (moved > 0)
        {
            _end = Settle(_end, moved);
        }

        return moved;
    }

    private bool SetMoving(bool moving)
    {
        if (_moving != moving)
        {
            var flags = Libc.fcntl(_descriptor, Libc.F_GETFL, 0);
            if (flags < 0 || Libc.fcntl(_descriptor, Libc.F_SETFL, moving ? flags & ~Libc.O_APPEND : flags | Libc.O_APPEND) < 0)
            {
                return false;
            }

            _moving = moving;
            _end = -1;
            if (moving)
            {
                _dense = TruncationGap.FirstData(_descriptor) <= 0;
            }
            else
            {
                DropRelay();
            }
        }

        return true;
    }

    // Between a move's look for the end and its write the file may be truncated. Returns where the next move goes on.
    private long Settle(long before, int count)
    {
        if (!_dense || before == 0 || count == 0)
        {
            return before + count;
        }

        var gap = TruncationGap.FirstData(_descriptor) > 0 && TruncationGap.Close(_descriptor, before, count);
        return Libc.lseek(_descriptor, gap ? count : before + count, Libc.SEEK_SET);
    }
}
