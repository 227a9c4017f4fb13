using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>
/// Standard output for lines that are not worth waiting for: a terminal held by Ctrl-S or a pipe nobody reads costs a second once, and then
/// drops what comes until it is read again. Not by O_NONBLOCK, which would bind all who share the stream. One thread at a time.
/// </summary>
public sealed unsafe class TimedStream(int descriptor)
{
    // A pipe that is ready takes this much without blocking.
    private const int Piece = 4096;
    private const int PatienceMilliseconds = 1000;

    private bool _stuck;

    /// <summary>False when it was dropped, wholly or from some point on.</summary>
    public bool Write(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            if (!IsReady(_stuck ? 0 : PatienceMilliseconds))
            {
                _stuck = true;
                return false;
            }

            _stuck = false;
            var piece = data[..Math.Min(Piece, data.Length)];
            if (!StandardStreams.Write(descriptor, piece))
            {
                return false;
            }

            data = data[piece.Length..];
        }

        return true;
    }

    private bool IsReady(int milliseconds)
    {
        var wait = new Libc.PollFd { Descriptor = descriptor, Events = Libc.POLLOUT };
        int ready;
        do
        {
            ready = Libc.poll(&wait, 1, milliseconds);
        }
        while (ready < 0 && Libc.Errno == Posix.EINTR);

        return ready > 0;
    }
}
