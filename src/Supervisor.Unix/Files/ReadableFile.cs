using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>
/// A regular file opened for reading. Opening never waits: a named pipe, a terminal or a device of that name is refused instead. Links are
/// followed: the configuration names the file, and a container's secrets directory consists of links.
/// </summary>
internal sealed unsafe class ReadableFile : IReadableFile
{
    private readonly string _path;
    private int _descriptor;

    private ReadableFile(int descriptor, string path, FileStatus status)
    {
        _descriptor = descriptor;
        _path = path;
        Status = status;
    }

    public FileStatus Status { get; }

    public long Length => (long)FileStat.Of(_descriptor, _path).Size;

    /// <summary>Throws <see cref="PosixException"/>; what is not a regular file is EINVAL.</summary>
    internal static ReadableFile Open(string path)
    {
        var name = OsText.Encode(path);
        int descriptor;
        do
        {
            descriptor = Libc.open(name, Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_NONBLOCK | Libc.O_NOCTTY, 0);
        }
        while (descriptor < 0 && Libc.Errno == Posix.EINTR);

        Libc.Check(descriptor, path);
        try
        {
            var status = FileStat.Of(descriptor, path);
            return status.IsRegular
                ? new ReadableFile(descriptor, path, FileStat.Of(status))
                : throw new PosixException(Posix.EINVAL, path);
        }
        catch
        {
            Libc.Close(descriptor);
            throw;
        }
    }

    public int Read(Span<byte> buffer, long offset)
    {
        fixed (byte* target = buffer)
        {
            while (true)
            {
                var count = Libc.pread(_descriptor, target, buffer.Length, offset);
                if (count >= 0)
                {
                    return (int)count;
                }

                if (Libc.Errno != Posix.EINTR)
                {
                    throw new PosixException(Libc.Errno, _path);
                }
            }
        }
    }

    public void Dispose()
    {
        // Once only: the number may belong to another file by then.
        if (_descriptor >= 0)
        {
            Libc.Close(_descriptor);
            _descriptor = -1;
        }
    }
}
