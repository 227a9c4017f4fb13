using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>Reads a file of unknown size (those of /proc say 0).</summary>
internal static unsafe class WholeFile
{
    /// <summary>Throws <see cref="PosixException"/>.</summary>
    internal static byte[] Read(string path)
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
