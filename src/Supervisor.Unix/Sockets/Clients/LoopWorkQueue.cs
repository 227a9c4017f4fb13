using System.Collections.Concurrent;
using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>The work queue of a <see cref="SocketLoop"/>, and the eventfd that wakes its thread.</summary>
internal sealed unsafe class LoopWorkQueue : IDisposable
{
    private readonly ConcurrentQueue<Action> _posted = new();
    private int _woken;

    /// <summary>Watched for input, edge-triggered: each wake-up is an event, read or not. Throws <see cref="PosixException"/>.</summary>
    public int WakeDescriptor { get; } = Libc.Check(Libc.eventfd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK));

    /// <summary>Any thread.</summary>
    public void Post(Action continuation)
    {
        _posted.Enqueue(continuation);
        // A full barrier: the thread that clears the flag sees what was posted before.
        if (Interlocked.Exchange(ref _woken, 1) == 0)
        {
            var one = 1UL;
            _ = Libc.write(WakeDescriptor, (byte*)&one, sizeof(ulong));
        }
    }

    /// <summary>After a wake-up: runs what is queued now. What that posts runs after the sockets.</summary>
    public void Run()
    {
        Interlocked.Exchange(ref _woken, 0);
        for (var count = _posted.Count; count > 0 && _posted.TryDequeue(out var continuation); count--)
        {
            continuation();
        }
    }

    public void Dispose() => Libc.Close(WakeDescriptor);
}
