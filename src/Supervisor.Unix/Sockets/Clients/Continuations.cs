using System.Collections.Concurrent;
using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>What others leave for the thread of a <see cref="SocketLoop"/>, and the bell (eventfd) that wakes it.</summary>
internal sealed unsafe class Continuations : IDisposable
{
    private readonly ConcurrentQueue<Action> _posted = new();
    private int _rung;

    /// <summary>To be watched for input, edge-triggered: a ring is an event whether or not anybody reads it. Throws <see cref="PosixException"/>.</summary>
    public int Bell { get; } = Libc.Check(Libc.eventfd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK));

    /// <summary>Any thread.</summary>
    public void Post(Action continuation)
    {
        _posted.Enqueue(continuation);
        // A full barrier: what was left before is seen by whoever lowers the flag.
        if (Interlocked.Exchange(ref _rung, 1) == 0)
        {
            var one = 1UL;
            _ = Libc.write(Bell, (byte*)&one, sizeof(ulong));
        }
    }

    /// <summary>After a ring: runs those that are there. What they post themselves has its turn after the sockets.</summary>
    public void Run()
    {
        Interlocked.Exchange(ref _rung, 0);
        for (var count = _posted.Count; count > 0 && _posted.TryDequeue(out var continuation); count--)
        {
            continuation();
        }
    }

    public void Dispose() => Libc.Close(Bell);
}
