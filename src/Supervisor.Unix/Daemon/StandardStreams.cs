using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>
/// Standard output and error by write(2). The runtime's Console prepares the terminal and with it begins to reap children as PID 1, so the
/// daemon never touches it.
/// </summary>
public static unsafe class StandardStreams
{
    public const int Output = 1;
    public const int Error = 2;

    /// <summary>Writes all of it, waiting where a non-blocking terminal or pipe is full. False when the other side is gone or it is closed.</summary>
    public static bool Write(int fd, ReadOnlySpan<byte> data)
    {
        fixed (byte* start = data)
        {
            for (var done = 0; done < data.Length;)
            {
                var count = Libc.write(fd, start + done, data.Length - done);
                if (count >= 0)
                {
                    done += (int)count;
                    continue;
                }

                switch (Libc.Errno)
                {
                    case Posix.EINTR:
                        break;
                    case Posix.EAGAIN:
                        var wait = new Libc.PollFd { Descriptor = fd, Events = Libc.POLLOUT };
                        _ = Libc.poll(&wait, 1, -1);
                        break;
                    default:
                        return false;
                }
            }
        }

        return true;
    }

    /// <summary>The text as UTF-8, as it is.</summary>
    public static bool Write(int fd, string text)
    {
        var bytes = OsText.Encode(text.Replace('\0', '?'));
        return Write(fd, bytes.AsSpan(0, bytes.Length - 1));
    }

    /// <summary>The text and a line feed, in one write.</summary>
    public static bool WriteLine(int fd, string text) => Write(fd, text + "\n");
}
