using System.Collections.Concurrent;
using Supervisor.Core.Engine;
using Supervisor.Core.Ports;

namespace Supervisor.Daemon.Hosting;

/// <summary>
/// The only place where threads meet. Operations from other threads are letters, which the loop thread opens in order of arrival; those
/// that only look need not wait for it while it sleeps.
/// </summary>
internal sealed class Mailbox : ISupervisorLoop
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(1);

    private readonly ConcurrentQueue<Letter> _letters = new();
    private readonly Action _ring;
    private readonly Lock _workGate;
    private readonly IHomeThread? _home;
    private ISupervisor? _supervisor;
    private volatile bool _closed;

    /// <param name="ring">Wakes the loop; callable from any thread.</param>
    /// <param name="workGate">Held by the loop thread except while it sleeps.</param>
    /// <param name="home">Who asks from this thread goes on there when the answer comes, all others on the pool.</param>
    public Mailbox(Action ring, Lock workGate, IHomeThread? home = null)
    {
        _ring = ring;
        _workGate = workGate;
        _home = home;
    }

    /// <summary>From now on others may look at the supervisor while the loop sleeps. Loop thread only.</summary>
    public void Admit(ISupervisor supervisor) => _supervisor = supervisor;

    public Task<T> LookAsync<T>(Func<ISupervisor, T> operation) => Here(operation, ring: false);

    public Task<T> NotifyAsync<T>(Func<ISupervisor, T> operation) => Here(operation, ring: true);

    private Task<T> Here<T>(Func<ISupervisor, T> operation, bool ring)
    {
        // A working loop is done in a moment, mostly; under a flood the letter's turn comes for certain.
        if (!_workGate.TryEnter(s_patience))
        {
            return AskAsync(operation);
        }

        try
        {
            if (_supervisor is not null && _letters.IsEmpty)
            {
                var result = operation(_supervisor);
                if (ring)
                {
                    _ring();
                }

                return Task.FromResult(result);
            }
        }
        catch (Exception e)
        {
            return Task.FromException<T>(e);
        }
        finally
        {
            _workGate.Exit();
        }

        return AskAsync(operation);
    }

    public Task<T> AskAsync<T>(Func<ISupervisor, T> operation)
    {
        var letter = new Letter<T>(operation, _home is { IsCurrent: true } ? _home : null);
        if (_closed)
        {
            letter.Refuse();
            return letter.Answer;
        }

        _letters.Enqueue(letter);
        // Without the barrier the processor may read the flag before others see the letter, while Close looks for letters before others
        // see the flag: then neither would refuse it.
        Interlocked.MemoryBarrier();
        if (_closed)
        {
            // The loop may have emptied the box between the check and the enqueue; whoever sees the letter last refuses it.
            RefuseAll();
        }
        else
        {
            _ring();
        }

        return letter.Answer;
    }

    /// <summary>Runs everything that has arrived. Loop thread only.</summary>
    public void Deliver(ISupervisor supervisor)
    {
        while (_letters.TryDequeue(out var letter))
        {
            letter.Open(supervisor);
        }
    }

    /// <summary>No more answers: everything still in the box, and everything sent later, fails. Loop thread only.</summary>
    public void Close()
    {
        _supervisor = null;
        _closed = true;
        Interlocked.MemoryBarrier();
        RefuseAll();
    }

    private void RefuseAll()
    {
        while (_letters.TryDequeue(out var letter))
        {
            letter.Refuse();
        }
    }

    private abstract class Letter
    {
        public abstract void Open(ISupervisor supervisor);

        public abstract void Refuse();
    }

    private sealed class Letter<T>(Func<ISupervisor, T> operation, IHomeThread? home) : Letter
    {
        // Continuations must leave the loop thread at once: it has no time for anybody's reply.
        private readonly TaskCompletionSource<T> _answer = new(home is null ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None);

        public Task<T> Answer => _answer.Task;

        public override void Open(ISupervisor supervisor)
        {
            try
            {
                var result = operation(supervisor);
                Answered(() => _answer.TrySetResult(result));
            }
            catch (Exception e)
            {
                Answered(() => _answer.TrySetException(e));
            }
        }

        public override void Refuse() => Answered(() => _answer.TrySetException(new ObjectDisposedException("supervisor loop")));

        private void Answered(Action settle)
        {
            if (home is null)
            {
                settle();
            }
            else
            {
                try
                {
                    home.Post(settle);
                }
                catch (Exception)
                {
                    // Memory is short: from any other thread rather than never, and the calls queued behind this one must not wait.
                    ThreadPool.QueueUserWorkItem(static s => s(), settle, preferLocal: false);
                }
            }
        }
    }
}
