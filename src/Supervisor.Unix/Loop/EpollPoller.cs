using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>
/// The loop's wait (epoll) and its doorbell (eventfd). Level-triggered: whatever a handler leaves behind is reported again.
/// Loop thread only, except <see cref="Ring"/>.
/// </summary>
public sealed unsafe class EpollPoller : IPoller, IDisposable
{
    private const int BatchSize = 256;

    // How many handlers run before something urgent has its turn; one moves at most a pipe's worth of output.
    private const int UrgentShare = 4;

    private const uint Trouble = Libc.EPOLLERR | Libc.EPOLLHUP;

    // The doorbell's registration; real ones count from 1.
    private const uint BellGeneration = 0;

    private readonly int _epoll;
    private readonly int _bell = -1;
    private readonly EpollEvents _events = new(BatchSize);
    private readonly EpollEvents _control = new(1);
    private readonly Lock _bellGate = new();
    private readonly Dictionary<int, Registration> _registrations = [];
    private uint _lastGeneration = BellGeneration;
    private int _rung;
    private bool _disposed;

    // What is left of the batch: turns [_next, _end).
    private int _next;
    private int _end;

    /// <summary>Held by the loop thread while it works: <see cref="Wait"/> gives it up for as long as it sleeps. Null: nobody else asks.</summary>
    public Lock? WorkGate { get; init; }

    private bool IsRung => Volatile.Read(ref _rung) != 0;

    /// <summary>Throws <see cref="PosixException"/> when the process is out of descriptors.</summary>
    public EpollPoller()
    {
        _epoll = Libc.Check(Libc.epoll_create1(Libc.EPOLL_CLOEXEC));
        try
        {
            _bell = Libc.Check(Libc.eventfd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK));
            Control(Libc.EPOLL_CTL_ADD, _bell, Libc.EPOLLIN, BellGeneration);
        }
        catch
        {
            if (_bell >= 0)
            {
                Libc.Close(_bell);
            }

            Libc.Close(_epoll);
            throw;
        }
    }

    /// <summary>Ends the current or the next <see cref="Wait"/>. Any thread; rings in a row count once, one after Dispose does nothing.</summary>
    public void Ring()
    {
        // A full barrier: what the caller has left for the loop is seen by whoever lowers the flag.
        if (Interlocked.Exchange(ref _rung, 1) != 0)
        {
            return;
        }

        var one = 1UL;
        // Not into a number that belongs to somebody else by now.
        lock (_bellGate)
        {
            if (!_disposed)
            {
                // A full counter (EAGAIN) already rings.
                _ = Libc.write(_bell, (byte*)&one, sizeof(ulong));
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
    /// Waits for readiness, a ring or the time (null for ever, rounded up to whole milliseconds) and runs the handlers: everything readable
    /// first, then everything writable. When the bell rings meanwhile, or the time is zero, it returns after a few handlers and the next
    /// call goes on with the rest: a dead child does not wait for fifty floods of output. May return early with nothing done.
    /// </summary>
    /// <param name="timeout">How long at most.</param>
    /// <param name="imminent">Something is expected within microseconds, less than falling asleep and waking up takes: look a while first.</param>
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
        lock (_bellGate)
        {
            if (!_disposed)
            {
                _disposed = true;
                Libc.Close(_epoll);
                Libc.Close(_bell);
            }
        }
    }

    private static int Milliseconds(TimeSpan? timeout) => timeout switch
    {
        null => -1,
        { Ticks: <= 0 } => 0,
        { } time => (int)Math.Min(Math.Ceiling(time.TotalMilliseconds), int.MaxValue),
    };

    // False when there is nothing to do: interrupted by a handler of the runtime, and the caller computes its deadlines anew.
    private bool Refill(TimeSpan? timeout, bool imminent)
    {
        int count;
        var errno = 0;
        WorkGate?.Exit();
        fixed (byte* events = _events.Bytes)
        {
            count = imminent ? EpollLook.ForAWhile(_epoll, events, _events.Capacity) : 0;
            if (count == 0)
            {
                count = Libc.epoll_wait(_epoll, events, _events.Capacity, Milliseconds(timeout));
            }

            errno = count < 0 ? Libc.Errno : 0;
        }

        WorkGate?.Enter();
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
        if ((uint)(data >> 32) == BellGeneration)
        {
            // The caller looks after all letters when this returns.
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
        ulong rings;
        _ = Libc.read(_bell, (byte*)&rings, sizeof(ulong));

        // Last, or a ring in between would find the flag up and the bell silent ever after.
        Interlocked.Exchange(ref _rung, 0);
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
