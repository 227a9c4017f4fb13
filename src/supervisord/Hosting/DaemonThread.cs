using System.Runtime.ExceptionServices;

namespace Supervisor.Daemon.Hosting;

/// <summary>
/// The daemon's loop thread. Not the main thread: while it lends a child its identity, the kernel would let that user signal the whole
/// process by the main thread's ids.
/// </summary>
internal static class DaemonThread
{
    /// <summary>Runs to the end and passes on what was thrown.</summary>
    public static void Run(Action body)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                body();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        })
        { Name = "supervisor" };
        thread.Start();
        thread.Join();
        failure?.Throw();
    }
}
