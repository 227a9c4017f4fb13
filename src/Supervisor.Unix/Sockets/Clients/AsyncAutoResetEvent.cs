using System.Threading.Tasks.Sources;

namespace Supervisor.Unix;

/// <summary>
/// One direction of a socket as an edge-triggered poll reports it: a signal is kept until somebody waits, and several count once. One waits at a
/// time, and goes on inside <see cref="Signal"/>. Waiting allocates nothing.
/// </summary>
internal sealed class AsyncAutoResetEvent : IValueTaskSource
{
    private const int Quiet = 0, Signalled = 1, Awaited = 2;

    private ManualResetValueTaskSourceCore<bool> _wait;
    private CancellationTokenRegistration _cancellation;
    private CancellationToken _token;
    private int _state;

    /// <summary>Waits for a signal unless there was one since the last wait. Throws <see cref="OperationCanceledException"/>.</summary>
    public ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Interlocked.CompareExchange(ref _state, Quiet, Signalled) == Signalled)
        {
            return ValueTask.CompletedTask;
        }

        _wait.Reset();
        _token = cancellationToken;
        if (Interlocked.CompareExchange(ref _state, Awaited, Quiet) != Quiet)
        {
            // Signalled in between; nobody but the one who waits makes it quiet again.
            Volatile.Write(ref _state, Quiet);
            return ValueTask.CompletedTask;
        }

        // Who waits cannot have gone on before this returns, however early the signal comes.
        _cancellation = cancellationToken.UnsafeRegister(static self => ((AsyncAutoResetEvent)self!).Cancel(), this);
        return new ValueTask(this, _wait.Version);
    }

    /// <summary>Any thread.</summary>
    public void Signal()
    {
        while (true)
        {
            switch (Interlocked.CompareExchange(ref _state, Signalled, Quiet))
            {
                case Awaited when Interlocked.CompareExchange(ref _state, Quiet, Awaited) == Awaited:
                    _wait.SetResult(true);
                    return;
                case Awaited:
                    // Cancelled in between.
                    continue;
                default:
                    return;
            }
        }
    }

    void IValueTaskSource.GetResult(short token)
    {
        // Waits for a cancellation under way on another thread: it must not meet the next wait.
        _cancellation.Dispose();
        _wait.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    private void Cancel()
    {
        if (Interlocked.CompareExchange(ref _state, Quiet, Awaited) == Awaited)
        {
            _wait.SetException(new OperationCanceledException(_token));
        }
    }
}
