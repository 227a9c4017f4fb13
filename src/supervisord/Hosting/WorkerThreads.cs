namespace Supervisor.Daemon.Hosting;

/// <summary>
/// All threads that will ever answer clients, made at the start. The runtime makes and ends them as it sees fit, and ends the process when the
/// kernel refuses one (RLIMIT_NPROC, pids.max, RLIMIT_AS): a daemon must not depend on that while it runs.
/// </summary>
internal static class WorkerThreads
{
    // A few, so that one slow disk does not hold up all clients; none of them does more than copy bytes and wait for the loop.
    private const int Count = 4;

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
            using var started = new CountdownEvent(Count);
            using var all = new ManualResetEventSlim();
            using var left = new CountdownEvent(Count);
            for (var i = 0; i < Count; i++)
            {
                ThreadPool.UnsafeQueueUserWorkItem(
                    _ =>
                    {
                        started.Signal();
                        all.Wait();
                        left.Signal();
                    },
                    null);
            }

            started.Wait();
            all.Set();
            left.Wait();

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
}
