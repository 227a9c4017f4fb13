using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>
/// A file opened for writing. The open file description is its own, so non-blocking mode affects no other process. A log stays in append
/// mode for as long as it is open, even when others write to it or truncate it.
/// </summary>
internal sealed unsafe class DescriptorFile : ILogFile
{
    private readonly int _descriptor;
    private readonly string _path;
    private bool _closed;

    /// <param name="descriptor">Owned from now on.</param>
    /// <param name="path">For error texts.</param>
    internal DescriptorFile(int descriptor, string path)
    {
        _descriptor = descriptor;
        _path = path;
        CanSeek = Libc.lseek(descriptor, 0, Libc.SEEK_END) >= 0;
    }

    public bool CanSeek { get; }

    public int Descriptor => _descriptor;

    // Asked of the kernel and not counted: another process may have truncated the file (LOG-025 has the limits of that).
    public long Position => _closed ? 0 : Math.Max(0, Libc.lseek(_descriptor, 0, Libc.SEEK_CUR));

    public FileRights? Rights
    {
        get
        {
            return !_closed && FileStat.Find(_descriptor) is { IsRegular: true } status
                ? new FileRights(status.Mode & 0x1FF, status.Uid, status.Gid)
                : null;
        }
    }

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

        fixed (byte* start = data)
        {
            for (var done = 0; done < data.Length;)
            {
                var count = Libc.write(_descriptor, start + done, data.Length - done);
                if (count >= 0)
                {
                    done += (int)count;
                    continue;
                }

                var errno = Libc.Errno;
                if (errno == Posix.EINTR)
                {
                    continue;
                }

                // Whatever is wrong is met again with the rest.
                return done > 0 || errno == Posix.EAGAIN ? done : throw new PosixException(errno, _path);
            }
        }

        return data.Length;
    }

    public bool IsAt(string path) => !_closed
        && FileStat.Find(_descriptor) is { } own
        && FileIdentity.OfName(OsText.Encode(path), follow: true) == FileIdentity.Of(own);

    public void Truncate()
    {
        if (_closed)
        {
            throw new PosixException(Posix.EBADF, _path);
        }

        Libc.Check(Libc.ftruncate(_descriptor, 0), _path);
        _ = Libc.lseek(_descriptor, 0, Libc.SEEK_SET);
    }

    public void Dispose()
    {
        if (!_closed)
        {
            _closed = true;
            Libc.Close(_descriptor);
        }
    }
}
