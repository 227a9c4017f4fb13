using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>
/// The supervisor loop's epoll instance and its wake-up eventfd. Level-triggered: what a handler leaves unread is reported again.
/// Loop thread only, except <see cref="Wake"/>.
/// </summary>
public sealed unsafe class EpollPoller : IPoller, IDisposable
{
    private const int BatchSize = 256;

    // Handlers that run before the loop checks for urgent work; each moves at most one pipe's worth of output.
    private const int UrgentShare = 4;

    private const uint Trouble = Libc.EPOLLERR | Libc.EPOLLHUP;

    // The registration of the wake-up descriptor; others count from 1.
    private const uint WakeGeneration = 0;

    private readonly int _epoll;
    private readonly int _wakeDescriptor = -1;
    private readonly EpollEvents _events = new(BatchSize);
    private readonly EpollEvents _control = new(1);
    private readonly Lock _wakeLock = new();
    private readonly Dictionary<int, Registration> _registrations = [];
    private uint _lastGeneration = WakeGeneration;
    private int _woken;
    private bool _disposed;

    // What is left of the batch: turns [_next, _end).
    private int _next;
    private int _end;

    /// <summary>Held by the loop thread while it works; <see cref="Wait"/> releases it while it blocks. Null when no other thread reads.</summary>
    public Lock? LoopLock { get; init; }

    private bool IsRung => Volatile.Read(ref _woken) != 0;

    /// <summary>Throws <see cref="PosixException"/> when the process is out of descriptors.</summary>
    public EpollPoller()
    {
        _epoll = Libc.Check(Libc.epoll_create1(Libc.EPOLL_CLOEXEC));
        try
        {
            _wakeDescriptor = Libc.Check(Libc.eventfd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK));
            Control(Libc.EPOLL_CTL_ADD, _wakeDescriptor, Libc.EPOLLIN, WakeGeneration);
        }
        catch
        {
            if (_wakeDescriptor >= 0)
            {
                Libc.Close(_wakeDescriptor);
            }

            Libc.Close(_epoll);
            throw;
        }
    }

    /// <summary>Ends the current or the next <see cref="Wait"/>. Any thread; repeated calls count once, and a call after Dispose has no effect.</summary>
    public void Wake()
    {
        // A full barrier: the thread that clears the flag sees what the caller has queued for the loop.
        if (Interlocked.Exchange(ref _woken, 1) != 0)
        {
            return;
        }

        var one = 1UL;
        // Not into a number that belongs to somebody else by now.
        lock (_wakeLock)
        {
            if (!_disposed)
            {
                // A full counter (EAGAIN) wakes the loop already.
                _ = Libc.write(_wakeDescriptor, (byte*)&one, sizeof(ulong));
            }
        }
    }

    public void Watch(int descriptor, PollInterest interest, IPollHandler handler)
    {
        if (!_registrations.TryGetValue(descriptor, out var registration))
        {
            registration = new Registration { Generation = NextGeneration() };
            _registrations.Add(descriptor, registration);
        }

        registration.Handler = handler;
        if (registration.Interest == interest)
        {
            return;
        }

        try
        {
            Apply(descriptor, registration, interest);
        }
        catch
        {
            _registrations.Remove(descriptor);
            throw;
        }
    }

    public void Unwatch(int descriptor)
    {
        if (_registrations.Remove(descriptor, out var registration) && registration.Interest != PollInterest.None)
        {
            // The caller may have closed it first, which has ended the watch already (EBADF, ENOENT).
            TryControl(Libc.EPOLL_CTL_DEL, descriptor, 0, registration.Generation);
        }
    }

    /// <summary>
    /// Waits for readiness, a wake-up or the timeout and runs the handlers: everything readable first, then everything writable. After a wake-up, or
    /// with a timeout of zero, it returns after a few handlers and the next call continues with the rest, so a dead child does not wait for fifty
    /// programs' output. May return early with nothing done.
    /// </summary>
    /// <param name="timeout">At most; rounded up to whole milliseconds, null for no limit.</param>
    /// <param name="imminent">An event is expected within microseconds, which is less than a sleep and a wake-up take: poll briefly first.</param>
    public void Wait(TimeSpan? timeout, bool imminent = false)
    {
        if (_next == _end && !Refill(timeout, imminent))
        {
            return;
        }

        var urgent = timeout is { Ticks: <= 0 };
        if (IsRung)
        {
            Silence();
            urgent = true;
        }

        for (var handled = 0; _next < _end && !(handled >= UrgentShare && (urgent || IsRung));)
        {
            // Counted before: a handler that throws does not get the same turn again.
            handled += RunHandler(_next++) ? 1 : 0;
        }
    }

    public void Dispose()
    {
        lock (_wakeLock)
        {
            if (!_disposed)
            {
                _disposed = true;
                Libc.Close(_epoll);
                Libc.Close(_wakeDescriptor);
            }
        }
    }

    private static int Milliseconds(TimeSpan? timeout) => timeout switch
    {
        null => -1,
        { Ticks: <= 0 } => 0,
        { } time => (int)Math.Min(Math.Ceiling(time.TotalMilliseconds), int.MaxValue),
    };

    // False when there is nothing to do: interrupted by a handler of the runtime, and the caller recomputes its deadlines.
    private bool Refill(TimeSpan? timeout, bool imminent)
    {
        int count;
        var errno = 0;
        LoopLock?.Exit();
        fixed (byte* events = _events.Bytes)
        {
            count = imminent ? BusyPoll.ForAWhile(_epoll, events, _events.Capacity) : 0;
            if (count == 0)
            {
                count = Libc.epoll_wait(_epoll, events, _events.Capacity, Milliseconds(timeout));
            }

            errno = count < 0 ? Libc.Errno : 0;
        }

        LoopLock?.Enter();
        if (count < 0)
        {
            return errno == Posix.EINTR ? false : throw new PosixException(errno);
        }

        _next = 0;
        _end = 2 * count;
        return true;
    }

    // Every event has two turns: one to read, and after all of those one to write.
    private bool RunHandler(int turn)
    {
        var count = _end / 2;
        var writing = turn >= count;
        var (events, data) = _events.Get(writing ? turn - count : turn);
        if ((uint)(data >> 32) == WakeGeneration)
        {
            // The caller drains the queue when this returns.
            Silence();
            return false;
        }

        var asked = (writing ? Libc.EPOLLOUT : Libc.EPOLLIN) | Trouble;
        if ((events & asked) == 0 || Find(data, writing ? PollInterest.Write : PollInterest.Read) is not { } handler)
        {
            return false;
        }

        if (writing)
        {
            handler.OnWritable();
        }
        else
        {
            handler.OnReadable();
        }

        return true;
    }

    /// <summary>The handler, unless an earlier one of the batch has ended this registration or its interest.</summary>
    private IPollHandler? Find(ulong data, PollInterest interest) =>
        _registrations.TryGetValue((int)(uint)data, out var registration)
        && registration.Generation == (uint)(data >> 32)
        && (registration.Interest & interest) != 0
            ? registration.Handler
            : null;

    private void Apply(int descriptor, Registration registration, PollInterest interest)
    {
        if (interest == PollInterest.None)
        {
            // Not a watch for nothing: epoll reports a hang-up even then, again and again.
            TryControl(Libc.EPOLL_CTL_DEL, descriptor, 0, registration.Generation);
        }
        else
        {
            var events = ((interest & PollInterest.Read) != 0 ? Libc.EPOLLIN : 0) | ((interest & PollInterest.Write) != 0 ? Libc.EPOLLOUT : 0);
            var known = registration.Interest != PollInterest.None;
            var error = TryControl(known ? Libc.EPOLL_CTL_MOD : Libc.EPOLL_CTL_ADD, descriptor, events, registration.Generation);
            if (error == Posix.ENOENT || error == Posix.EEXIST)
            {
                // Closed and reopened under the same number behind our back, or watched still through a duplicate.
                Control(known ? Libc.EPOLL_CTL_ADD : Libc.EPOLL_CTL_MOD, descriptor, events, registration.Generation);
            }
            else if (error != 0)
            {
                throw new PosixException(error);
            }
        }

        registration.Interest = interest;
    }

    private uint NextGeneration() => _lastGeneration = _lastGeneration == uint.MaxValue ? 1 : _lastGeneration + 1;

    private void Silence()
    {
        ulong count;
        _ = Libc.read(_wakeDescriptor, (byte*)&count, sizeof(ulong));

        // Last: a wake-up in between would find the flag set and never write again.
        Interlocked.Exchange(ref _woken, 0);
    }

    private void Control(int operation, int descriptor, uint events, uint generation)
    {
        var error = TryControl(operation, descriptor, events, generation);
        if (error != 0)
        {
            throw new PosixException(error);
        }
    }

    private int TryControl(int operation, int descriptor, uint events, uint generation)
    {
        _control.Set(0, events, ((ulong)generation << 32) | (uint)descriptor);
        fixed (byte* slot = _control.Bytes)
        {
            return Libc.epoll_ctl(_epoll, operation, descriptor, slot) == 0 ? 0 : Libc.Errno;
        }
    }

    private sealed class Registration
    {
        internal required uint Generation { get; init; }
        internal PollInterest Interest { get; set; }
        internal IPollHandler? Handler { get; set; }
    }
}
