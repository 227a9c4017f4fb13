using Supervisor.Unix;

namespace Supervisor.Daemon.Hosting;

/// <summary>
/// All threads that will ever answer clients, made at the start. The runtime makes and ends them as it sees fit, and ends the process when the
/// kernel refuses one (RLIMIT_NPROC, pids.max, RLIMIT_AS): a daemon must not depend on that while it runs.
/// </summary>
internal static class WorkerThreads
{
    // A few, so that one slow disk does not hold up all clients; none of them does more than copy bytes and wait for the loop.
    private const int Count = 4;

    // Loop of the sockets, timers, the pool's own, signals, child waiter, collector.
    private const int Others = 6;

    // What the first requests and programs will want on top, in addresses: below this the runtime would end the process at some later moment.
    private const int Reserve = 16 * 1024 * 1024;

    /// <summary>
    /// Whether the kernel would give the threads and memory that a run needs, tried while there is nothing to clean up: a refusal that the
    /// runtime meets in a thread of its own ends the process on the spot.
    /// </summary>
    /// <exception cref="StartupException">It would not.</exception>
    public static void Rehearse()
    {
        using var end = new ManualResetEvent(false);
        var threads = new List<Thread>();
        try
        {
            for (var i = 0; i < Count + Others; i++)
            {
                var thread = new Thread(() => end.WaitOne()) { IsBackground = true };
                thread.Start();
                threads.Add(thread);
            }

            if (!ResourceLimits.CanReserve(Reserve))
            {
                throw new OutOfMemoryException();
            }
        }
        catch (OutOfMemoryException)
        {
            throw new StartupException(
                $"cannot start {Count + Others} threads: too little memory, address space (ulimit -v) or too few processes (ulimit -u) are allowed");
        }
        finally
        {
            end.Set();
            threads.ForEach(t => t.Join());
        }
    }

    /// <summary>Makes them; the project file sees to it that they stay.</summary>
    /// <exception cref="StartupException">They cannot be had.</exception>
    public static void Prepare()
    {
        // The order matters: the least must never exceed the most.
        ThreadPool.SetMinThreads(1, 1);
        ThreadPool.SetMaxThreads(Count, Count);
        ThreadPool.SetMinThreads(Count, Count);
        try
        {
            // The kernel's own events: the others spin first, which takes the processor from whatever starts beside us.
            using var started = new ManualResetEvent(false);
            using var all = new ManualResetEvent(false);
            using var left = new ManualResetEvent(false);
            var (toStart, toLeave) = (Count, Count);
            for (var i = 0; i < Count; i++)
            {
                ThreadPool.UnsafeQueueUserWorkItem(
                    _ =>
                    {
                        Countdown(ref toStart, started);
                        all.WaitOne();
                        Countdown(ref toLeave, left);
                    },
                    null);
            }

            started.WaitOne();
            all.Set();
            left.WaitOne();

            // The timers' own thread.
            using var fired = new ManualResetEvent(false);
            using var timer = new Timer(_ => fired.Set(), null, 1, Timeout.Infinite);
            fired.WaitOne();
        }
        catch (OutOfMemoryException)
        {
            throw new StartupException($"cannot start {Count} threads: out of memory or processes");
        }
    }

    private static void Countdown(ref int count, ManualResetEvent done)
    {
        if (Interlocked.Decrement(ref count) == 0)
        {
            done.Set();
        }
    }
}
