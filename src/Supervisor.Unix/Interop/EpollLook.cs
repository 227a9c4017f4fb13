using System.Diagnostics;

namespace Supervisor.Unix.Interop;

/// <summary>Looks for events without falling asleep, which costs more than what is about to come.</summary>
internal static unsafe class EpollLook
{
    // Fifty microseconds.
    private static readonly long s_patience = Stopwatch.Frequency / 20_000;

    /// <summary>As epoll_wait, but 0 when nothing came for a while. Others that are ready to run have their turn meanwhile.</summary>
    internal static int ForAWhile(int epoll, byte* events, int capacity)
    {
        var end = Stopwatch.GetTimestamp() + s_patience;
        while (true)
        {
            var count = Libc.epoll_wait(epoll, events, capacity, 0);
            if (count != 0 || Stopwatch.GetTimestamp() >= end)
            {
                return count;
            }

            Thread.Yield();
        }
    }
}
