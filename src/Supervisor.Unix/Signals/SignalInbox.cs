using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>
/// The daemon's signals (TERM, INT, QUIT, HUP, USR2) in the order of arrival; one that already waits is not queued twice (DMN-047).
/// A thread reads them from a signalfd, which needs <see cref="SignalMask.Ensure()"/> to have run first.
/// </summary>
public sealed unsafe class SignalInbox : IDisposable
{
    private readonly Action _wake;
    private readonly List<int> _pending = [];
    private readonly int _signals;
    private readonly int _stop;
    private readonly Thread _thread;
    private bool _disposed;

    /// <param name="ring">Wakes the loop; called on the inbox's thread.</param>
    /// <exception cref="InvalidOperationException">The signals are not blocked.</exception>
    /// <exception cref="PosixException">Out of descriptors.</exception>
    public SignalInbox(Action ring)
    {
        _wake = ring;
        var set = Libc.SignalSet.Of(SignalMask.DaemonSignals);
        if (!SignalMask.IsBlocked(set))
        {
            throw new InvalidOperationException("SignalMask.Ensure has not run");
        }

        // nohup: an ignored signal is dropped by the kernel unless the main thread blocks it. It does; this makes it not depend on that.
        foreach (var signal in SignalMask.DaemonSignals)
        {
            SignalDispositions.Reset(signal);
        }

        _signals = Libc.Check(Libc.signalfd(-1, set, Libc.SFD_CLOEXEC | Libc.SFD_NONBLOCK));
        _stop = Libc.eventfd(0, Libc.EFD_CLOEXEC);
        if (_stop < 0)
        {
            var error = Libc.Errno;
            Libc.Close(_signals);
            throw new PosixException(error);
        }

        _thread = new Thread(Run, 128 * 1024) { IsBackground = true, Name = "signals" };
        _thread.Start();
    }

    /// <summary>The next signal; any thread.</summary>
    public bool TryTake(out int signal)
    {
        lock (_pending)
        {
            if (_pending.Count == 0)
            {
                signal = 0;
                return false;
            }

            signal = _pending[0];
            _pending.RemoveAt(0);
            return true;
        }
    }

    /// <summary>Ends the thread. Signals stay blocked, so later ones do nothing.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        var one = 1UL;
        _ = Libc.write(_stop, (byte*)&one, sizeof(ulong));
        _thread.Join();
        Libc.Close(_signals);
        Libc.Close(_stop);
    }

    private void Run()
    {
        var waits = stackalloc Libc.PollFd[2];
        var info = stackalloc byte[Libc.SignalInfoSize];
        while (true)
        {
            waits[0] = new Libc.PollFd { Descriptor = _signals, Events = Libc.POLLIN };
            waits[1] = new Libc.PollFd { Descriptor = _stop, Events = Libc.POLLIN };
            if (Libc.poll(waits, 2, -1) < 0)
            {
                if (Libc.Errno == Posix.EINTR)
                {
                    continue;
                }

                throw new PosixException(Libc.Errno);
            }

            if (waits[1].Returned != 0)
            {
                return;
            }

            while (Libc.read(_signals, info, Libc.SignalInfoSize) == Libc.SignalInfoSize)
            {
                Add(*(int*)info);
                _wake();
            }
        }
    }

    private void Add(int signal)
    {
        lock (_pending)
        {
            if (!_pending.Contains(signal))
            {
                _pending.Add(signal);
            }
        }
    }
}
