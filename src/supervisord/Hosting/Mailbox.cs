using System.Collections.Concurrent;
using Supervisor.Core.Engine;

namespace Supervisor.Daemon.Hosting;

/// <summary>
/// The doorbell's letter box: operations from other threads, run in order of arrival by the loop thread. The only place where threads meet.
/// </summary>
internal sealed class Mailbox : ISupervisorLoop
{
    private readonly ConcurrentQueue<Letter> _letters = new();
    private readonly Action _ring;
    private volatile bool _closed;

    /// <param name="ring">Wakes the loop; callable from any thread.</param>
    public Mailbox(Action ring)
    {
        _ring = ring;
    }

    public Task<T> AskAsync<T>(Func<ISupervisor, T> operation)
    {
        var letter = new Letter<T>(operation);
        if (_closed)
        {
            letter.Refuse();
            return letter.Answer;
        }

        _letters.Enqueue(letter);
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
        _closed = true;
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

    private sealed class Letter<T>(Func<ISupervisor, T> operation) : Letter
    {
        // Continuations must leave the loop thread at once: it has no time for anybody's reply.
        private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Answer => _answer.Task;

        public override void Open(ISupervisor supervisor)
        {
            try
            {
                _answer.TrySetResult(operation(supervisor));
            }
            catch (Exception e)
            {
                _answer.TrySetException(e);
            }
        }

        public override void Refuse() => _answer.TrySetException(new ObjectDisposedException("supervisor loop"));
    }
}
