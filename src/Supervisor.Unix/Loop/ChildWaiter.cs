using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>
/// Wakes the loop when a child has ended, without SIGCHLD and without consuming the exit status (TRAP-57): one thread in
/// <c>waitid(P_ALL, WEXITED | WNOWAIT)</c> that wakes the loop and then waits until the loop has reaped.
/// </summary>
public sealed unsafe class ChildWaiter : IDisposable
{
    // With no child of its own a process can still be given orphans; nothing announces them, so they are polled for.
    private static readonly TimeSpan s_adoptionCheck = TimeSpan.FromSeconds(3);

    // Should the kernel refuse to wait, the loop checks for ended children this often.
    private static readonly TimeSpan s_refusalPace = TimeSpan.FromSeconds(1);

    private readonly Action _wake;
    private readonly AutoResetEvent _reaped = new(false);
    private readonly AutoResetEvent _spawned = new(false);
    private Thread? _thread;
    private volatile bool _stopping;
    private volatile bool _ended;

    /// <param name="wake">Wakes the loop; called on the waiter's thread.</param>
    public ChildWaiter(Action wake)
    {
        _wake = wake;
    }

    /// <summary>
    /// Starts the thread. A SIGCHLD that was inherited as ignored is reset first: the kernel would reap children by itself and lose their
    /// statuses.
    /// </summary>
    public void Start()
    {
        SignalDispositions.KeepChildStatuses();
        _thread = new Thread(Run, 128 * 1024) { IsBackground = true, Name = "child waiter" };
        _thread.Start();
    }

    /// <summary>There may be a child to reap. True from the ring to <see cref="Continue"/>.</summary>
    public bool HasEnded => _ended;

    /// <summary>The loop has reaped all there was; the waiter may block again. Does nothing when it had not rung.</summary>
    public void Continue()
    {
        if (_ended)
        {
            _ended = false;
            _reaped.Set();
        }
    }

    /// <summary>There is a child again.</summary>
    public void NotifySpawned() => _spawned.Set();

    /// <summary>
    /// No ring begins after this. A thread inside waitid cannot be called back; it ends at the next child's end or with the process.
    /// </summary>
    public void Dispose()
    {
        _stopping = true;
        _reaped.Set();
        _spawned.Set();
    }

    private void Run()
    {
        var adopts = ProcessIdentity.AdoptsOrphans;
        var info = stackalloc byte[128];
        while (!_stopping)
        {
            if (Libc.waitid(Libc.P_ALL, 0, info, Libc.WEXITED | Libc.WNOWAIT) == 0)
            {
                if (!_stopping)
                {
                    _ended = true;
                    _wake();
                    _reaped.WaitOne();
                }

                continue;
            }

            switch (Libc.Errno)
            {
                case Posix.EINTR:
                    break;
                case Posix.ECHILD when adopts:
                    _spawned.WaitOne(s_adoptionCheck);
                    break;
                case Posix.ECHILD:
                    _spawned.WaitOne();
                    break;
                default:
                    _ended = true;
                    _wake();
                    Thread.Sleep(s_refusalPace);
                    break;
            }
        }
    }
}
