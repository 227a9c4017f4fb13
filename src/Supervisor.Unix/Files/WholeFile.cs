using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>Reads files of unknown size (those of /proc say 0) to their end.</summary>
internal static unsafe class WholeFile
{
    // The environment and the command line of a process are bounded by a quarter of its stack limit, 2 MiB in general.
    private const int Limit = 16 * 1024 * 1024;

    /// <summary>
    /// Reads a regular file, which need not be ours: never waits and never reads without end. Throws <see cref="PosixException"/>, EINVAL for
    /// what is not a regular file and EFBIG for one beyond the limit.
    /// </summary>
    internal static byte[] Read(string path, int limit = Limit)
    {
        using var file = ReadableFile.Open(path);
        var content = new List<byte>();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var count = file.Read(buffer, content.Count);
            if (count == 0)
            {
                return [.. content];
            }

            content.AddRange(buffer.AsSpan(0, count));
            if (content.Count > limit)
            {
                throw new PosixException(Posix.EFBIG, path);
            }
        }
    }

    /// <summary>
    /// Reads a file that the operator names on the command line or in the configuration, which may be a pipe (<c>-c &lt;(...)</c>) and is waited
    /// for. Throws <see cref="PosixException"/>.
    /// </summary>
    internal static byte[] ReadStream(string path)
    {
        var descriptor = Libc.Check(Libc.open(OsText.Encode(path), Libc.O_RDONLY | Libc.O_CLOEXEC, 0), path);
        try
        {
            var content = new List<byte>();
            var buffer = new byte[16 * 1024];
            while (true)
            {
                nint count;
                fixed (byte* target = buffer)
                {
                    count = Libc.read(descriptor, target, buffer.Length);
                }

                if (count > 0)
                {
                    content.AddRange(buffer.AsSpan(0, (int)count));
                }
                else if (count == 0)
                {
                    return [.. content];
                }
                else if (Libc.Errno != Posix.EINTR)
                {
                    throw new PosixException(Libc.Errno, path);
                }
            }
        }
        finally
        {
            Libc.Close(descriptor);
        }
    }
}
