using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>What the loop tells a socket. On the loop's thread.</summary>
internal interface ISocketEvents
{
    /// <summary>Set by <see cref="SocketLoop.Watch"/>, before there is any event: tells it from who was in its place before.</summary>
    ulong Registration { get; set; }

    /// <param name="events">EPOLL bits: what has become so, not what is still so.</param>
    void On(uint events);
}

/// <summary>
/// One thread that waits for all sockets of the HTTP servers, and goes on with what waited for them: most requests are answered in less time
/// than it takes to pass them on. Edge-triggered, so that a request costs no call but its own receive and send. Lives as long as the process.
/// </summary>
public sealed unsafe class SocketLoop : ISocketServer, IEventLoopScheduler
{
    private const int BatchSize = 64;

    // The registration of the wake-up descriptor; those of sockets have a generation.
    private const ulong WakeRegistration = 0;

    // As the runtime gives its own workers.
    private const int StackSize = 1536 * 1024;

    // Should the kernel refuse to wait, this often is it asked again.
    private static readonly TimeSpan s_refusalPace = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly EpollEvents _events = new(BatchSize);
    private readonly AdaptiveSpin _eagerness = new(Environment.ProcessorCount);
    private readonly Stack<int> _free = [];
    private ISocketEvents?[] _watched = new ISocketEvents?[16];
    private LoopWorkQueue? _workQueue;
    private Thread? _thread;
    private int _epoll = -1;
    private int _used;
    private uint _lastGeneration;

    /// <summary>
    /// Starts the thread with the first socket. Throws <see cref="PosixException"/> out of descriptors and <see cref="OutOfMemoryException"/> when
    /// the thread cannot be had.
    /// </summary>
    public ISocketListener Listen(nint descriptor)
    {
        lock (_gate)
        {
            if (_thread is null)
            {
                Start();
            }
        }

        return new ClientListener(this, (int)descriptor);
    }

    public bool IsCurrent => Thread.CurrentThread == Volatile.Read(ref _thread);

    /// <summary>Once there is a listener.</summary>
    public void Post(Action continuation) => _workQueue!.Post(continuation);

    /// <summary>Events come from now on, perhaps before this returns. Throws <see cref="PosixException"/>.</summary>
    internal void Watch(int descriptor, uint events, ISocketEvents socket)
    {
        lock (_gate)
        {
            if (!_free.TryPop(out var slot))
            {
                slot = _used++;
                if (slot == _watched.Length)
                {
                    var larger = new ISocketEvents?[2 * slot];
                    _watched.CopyTo(larger, 0);
                    Volatile.Write(ref _watched, larger);
                }
            }

            socket.Registration = (ulong)++_lastGeneration << 32 | (uint)slot;
            Volatile.Write(ref _watched[slot], socket);
            try
            {
                Add(descriptor, events, socket.Registration);
            }
            catch
            {
                Forget(socket);
                throw;
            }
        }
    }

    /// <summary>Nothing is told of it any more. While the descriptor is open; the kernel's watch is on the file, of which a child may have another.</summary>
    internal void Unwatch(int descriptor, ISocketEvents socket)
    {
        _ = Libc.epoll_ctl(_epoll, Libc.EPOLL_CTL_DEL, descriptor, null);
        Forget(socket);
    }

    private void Forget(ISocketEvents socket)
    {
        lock (_gate)
        {
            var slot = (int)(uint)socket.Registration;
            Volatile.Write(ref _watched[slot], null);
            _free.Push(slot);
        }
    }

    private void Start()
    {
        _epoll = Libc.Check(Libc.epoll_create1(Libc.EPOLL_CLOEXEC));
        try
        {
            _workQueue = new LoopWorkQueue();
            Add(_workQueue.WakeDescriptor, Libc.EPOLLIN, WakeRegistration);
            _thread = new Thread(Run, StackSize) { IsBackground = true, Name = "http" };
            _thread.Start();
        }
        catch
        {
            _workQueue?.Dispose();
            Libc.Close(_epoll);
            (_thread, _workQueue, _epoll) = (null, null, -1);
            throw;
        }
    }

    private void Add(int descriptor, uint events, ulong registration)
    {
        var control = stackalloc byte[EpollEvents.Stride];
        EpollEvents.Write(new Span<byte>(control, EpollEvents.Stride), events | Libc.EPOLLET, registration);
        Libc.Check(Libc.epoll_ctl(_epoll, Libc.EPOLL_CTL_ADD, descriptor, control));
    }

    private void Run()
    {
        fixed (byte* events = _events.Bytes)
        {
            while (true)
            {
                var count = Wait(events);
                for (var i = 0; i < count; i++)
                {
                    var (what, registration) = _events.Get(i);
                    if (registration == WakeRegistration)
                    {
                        _workQueue!.Run();
                        continue;
                    }

                    // One that was closed while its event was on the way is not the one in its place now.
                    if (Volatile.Read(ref Volatile.Read(ref _watched)[(uint)registration]) is { } socket && socket.Registration == registration)
                    {
                        // What goes on here are async methods, which keep their exceptions.
                        socket.On(what);
                    }
                }
            }
        }
    }

    private int Wait(byte* events)
    {
        if (_eagerness.IsWorthwhile)
        {
            var found = BusyPoll.ForAWhile(_epoll, events, BatchSize);
            if (found > 0)
            {
                _eagerness.Found();
                return found;
            }

            _eagerness.GiveUp();
        }

        var count = Libc.epoll_wait(_epoll, events, BatchSize, -1);
        if (count < 0 && Libc.Errno != Posix.EINTR)
        {
            Thread.Sleep(s_refusalPace);
        }

        _eagerness.Woken();
        return count;
    }
}
