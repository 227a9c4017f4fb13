using System.Collections.Concurrent;
using Supervisor.Core.Engine;
using Supervisor.Core.Ports;

namespace Supervisor.Daemon.Hosting;

/// <summary>
/// Calls from other threads are queued and run on the loop thread in FIFO order. Read-only calls run inline, under the loop's lock, while the loop
/// is idle.
/// </summary>
internal sealed class LoopDispatcher : ISupervisorLoop
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromMilliseconds(1);

    private readonly ConcurrentQueue<WorkItem> _queue = new();
    private readonly Action _wake;
    private readonly Lock _loopLock;
    private readonly IEventLoopScheduler? _home;
    private ISupervisor? _supervisor;
    private volatile bool _closed;

    /// <param name="wake">Wakes the loop; callable from any thread.</param>
    /// <param name="loopLock">Held by the loop thread except while it sleeps.</param>
    /// <param name="home">A caller on this thread continues there when the result comes, all others on the thread pool.</param>
    public LoopDispatcher(Action wake, Lock loopLock, IEventLoopScheduler? home = null)
    {
        _wake = wake;
        _loopLock = loopLock;
        _home = home;
    }

    /// <summary>From now on other threads may read the supervisor while the loop is idle. Loop thread only.</summary>
    public void Attach(ISupervisor supervisor) => _supervisor = supervisor;

    public Task<T> QueryAsync<T>(Func<ISupervisor, T> operation) => RunInline(operation, wake: false);

    public Task<T> PublishAsync<T>(Func<ISupervisor, T> operation) => RunInline(operation, wake: true);

    private Task<T> RunInline<T>(Func<ISupervisor, T> operation, bool wake)
    {
        // The lock is normally free within 1 ms; under load fall back to the queue, which is fair.
        if (!_loopLock.TryEnter(s_timeout))
        {
            return InvokeAsync(operation);
        }

        try
        {
            if (_supervisor is not null && _queue.IsEmpty)
            {
                var result = operation(_supervisor);
                if (wake)
                {
                    _wake();
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
            _loopLock.Exit();
        }

        return InvokeAsync(operation);
    }

    public Task<T> InvokeAsync<T>(Func<ISupervisor, T> operation)
    {
        var item = new WorkItem<T>(operation, _home is { IsCurrent: true } ? _home : null);
        if (_closed)
        {
            item.Refuse();
            return item.Answer;
        }

        _queue.Enqueue(item);
        // Without the barrier the processor may read the flag before other threads see the item, while Close drains the queue before other
        // threads see the flag: then neither would refuse it.
        Interlocked.MemoryBarrier();
        if (_closed)
        {
            // The loop may have drained the queue between the check and the enqueue; the last to see the item refuses it.
            RefuseAll();
        }
        else
        {
            _wake();
        }

        return item.Answer;
    }

    /// <summary>Runs everything that is queued. Loop thread only.</summary>
    public void DrainQueue(ISupervisor supervisor)
    {
        while (_queue.TryDequeue(out var item))
        {
            item.Run(supervisor);
        }
    }

    /// <summary>Fails everything still queued, and every later call. Loop thread only.</summary>
    public void Close()
    {
        _supervisor = null;
        _closed = true;
        Interlocked.MemoryBarrier();
        RefuseAll();
    }

    private void RefuseAll()
    {
        while (_queue.TryDequeue(out var item))
        {
            item.Refuse();
        }
    }

    private abstract class WorkItem
    {
        public abstract void Run(ISupervisor supervisor);

        public abstract void Refuse();
    }

    private sealed class WorkItem<T>(Func<ISupervisor, T> operation, IEventLoopScheduler? home) : WorkItem
    {
        // Continuations must leave the loop thread at once: it must not run replies.
        private readonly TaskCompletionSource<T> _answer = new(home is null ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None);

        public Task<T> Answer => _answer.Task;

        public override void Run(ISupervisor supervisor)
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
                    // Out of memory: complete it on any other thread rather than never. The calls queued behind it must not wait.
                    ThreadPool.QueueUserWorkItem(static s => s(), settle, preferLocal: false);
                }
            }
        }
    }
}
