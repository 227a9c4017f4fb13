using System.Diagnostics;

namespace Supervisor.Unix.Interop;

/// <summary>Polls epoll briefly before blocking, to avoid a sleep and wake-up round trip.</summary>
internal static unsafe class BusyPoll
{
    // Fifty microseconds.
    private static readonly long s_timeout = Stopwatch.Frequency / 20_000;

    /// <summary>As epoll_wait, but returns 0 when nothing came in time. Yields the processor to other threads meanwhile.</summary>
    internal static int ForAWhile(int epoll, byte* events, int capacity)
    {
        var end = Stopwatch.GetTimestamp() + s_timeout;
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
