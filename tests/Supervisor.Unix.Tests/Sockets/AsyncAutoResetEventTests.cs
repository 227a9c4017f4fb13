namespace Supervisor.Unix.Tests.Sockets;

public sealed class AsyncAutoResetEventTests
{
    private readonly AsyncAutoResetEvent _readiness = new();

    [Fact]
    public async Task Signal_BeforeTheWait_IsKeptOnce()
    {
        _readiness.Signal();
        _readiness.Signal();
        await _readiness.WaitAsync(CancellationToken.None);
        var second = _readiness.WaitAsync(CancellationToken.None);
        Assert.False(second.IsCompleted);
        _readiness.Signal();
        await second;
    }

    [Fact]
    public void Signal_RunsWhoWaits_OnItsOwnThread()
    {
        var thread = 0;
        async Task Wait()
        {
            await _readiness.WaitAsync(CancellationToken.None);
            thread = Environment.CurrentManagedThreadId;
        }

        var waiting = Wait();
        _readiness.Signal();
        Assert.True(waiting.IsCompletedSuccessfully);
        Assert.Equal(Environment.CurrentManagedThreadId, thread);
    }

    [Fact]
    public async Task Cancellation_EndsTheWaitAndNotTheNext()
    {
        using var cancellation = new CancellationTokenSource();
        var wait = _readiness.WaitAsync(cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        Assert.Equal(cancellation.Token, (await Assert.ThrowsAsync<OperationCanceledException>(() => wait)).CancellationToken);
        await Assert.ThrowsAsync<OperationCanceledException>(() => _readiness.WaitAsync(cancellation.Token).AsTask());

        var next = _readiness.WaitAsync(CancellationToken.None);
        Assert.False(next.IsCompleted);
        _readiness.Signal();
        await next;
    }

    /// <summary>Every signal is seen, by the wait it comes in or by the next one, whichever thread is ahead.</summary>
    [Fact]
    public async Task Signals_FromAnotherThread_AreNeverLost()
    {
        const int Rounds = 100_000;
        var answer = new AsyncAutoResetEvent();
        using var cancellation = new CancellationTokenSource();
        var other = Task.Run(
            async () =>
            {
                for (var i = 0; i < Rounds; i++)
                {
                    await _readiness.WaitAsync(cancellation.Token);
                    answer.Signal();
                }
            },
            TestContext.Current.CancellationToken);
        for (var i = 0; i < Rounds; i++)
        {
            _readiness.Signal();
            await answer.WaitAsync(TestContext.Current.CancellationToken);
            if (i % 64 == 0)
            {
                await Task.Yield();
            }
        }

        await other;
    }

    /// <summary>A signal and a cancellation at the same time: one of them ends the wait, and a signal that did not is there for the next.</summary>
    [Fact]
    public async Task Signal_AgainstCancellation_IsNotLost()
    {
        for (var i = 0; i < 5_000; i++)
        {
            using var cancellation = new CancellationTokenSource();
            var wait = _readiness.WaitAsync(cancellation.Token).AsTask();
            var cancelling = Task.Run(cancellation.Cancel, TestContext.Current.CancellationToken);
            _readiness.Signal();
            try
            {
                await wait;
            }
            catch (OperationCanceledException)
            {
                await _readiness.WaitAsync(TestContext.Current.CancellationToken);
            }

            await cancelling;
        }
    }
}
