using System.Reflection;
using Supervisor.Core.Engine;
using Supervisor.Core.Ports;
using Supervisor.Daemon.Hosting;

namespace Supervisor.Daemon.Tests.Hosting;

public sealed class LoopDispatcherTests
{
    private readonly Lock _loopLock = new();
    private readonly ISupervisor _supervisor = DispatchProxy.Create<ISupervisor, NoSupervisor>();
    private int _rings;

    [Fact]
    public async Task AskAsync_Delivered_AnswersWithResult()
    {
        var mailbox = new LoopDispatcher(() => _rings++, _loopLock);
        var answer = mailbox.InvokeAsync(_ => 42);
        Assert.False(answer.IsCompleted);

        mailbox.DrainQueue(null!);

        Assert.Equal(42, await answer);
        Assert.Equal(1, _rings);
    }

    [Fact]
    public async Task AskAsync_OperationThrows_AnswersWithItsException()
    {
        var mailbox = new LoopDispatcher(() => { }, _loopLock);
        var answer = mailbox.InvokeAsync<int>(_ => throw new InvalidOperationException("no"));

        mailbox.DrainQueue(null!);

        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => answer);
        Assert.Equal("no", e.Message);
    }

    [Fact]
    public void Deliver_SeveralLetters_RunsInOrderOfArrival()
    {
        var order = new List<int>();
        var mailbox = new LoopDispatcher(() => { }, _loopLock);
        for (var i = 0; i < 5; i++)
        {
            var n = i;
            _ = mailbox.InvokeAsync(_ =>
            {
                order.Add(n);
                return n;
            });
        }

        mailbox.DrainQueue(null!);

        Assert.Equal([0, 1, 2, 3, 4], order);
    }

    [Fact]
    public async Task LookAsync_LoopAsleep_RunsAtOnceOnTheCallersThread()
    {
        var mailbox = new LoopDispatcher(() => _rings++, _loopLock);
        Assert.False(mailbox.QueryAsync(_ => 1).IsCompleted);
        mailbox.DrainQueue(null!);

        mailbox.Attach(_supervisor);
        var rings = _rings;
        var answer = mailbox.QueryAsync(_ => (Environment.CurrentManagedThreadId, _loopLock.IsHeldByCurrentThread));
        Assert.True(answer.IsCompletedSuccessfully);
        Assert.Equal((Environment.CurrentManagedThreadId, true), await answer);
        Assert.False(_loopLock.IsHeldByCurrentThread);
        Assert.Equal(rings, _rings);
    }

    [Fact]
    public async Task LookAsync_OperationThrows_AnswersWithItsExceptionAndLetsGo()
    {
        var mailbox = new LoopDispatcher(() => { }, _loopLock);
        mailbox.Attach(_supervisor);
        await Assert.ThrowsAsync<InvalidOperationException>(() => mailbox.QueryAsync<int>(_ => throw new InvalidOperationException("no")));
        Assert.False(_loopLock.IsHeldByCurrentThread);
    }

    [Fact]
    public async Task LookAsync_LoopAtWork_WaitsForItsTurn()
    {
        var mailbox = new LoopDispatcher(() => { }, _loopLock);
        mailbox.Attach(_supervisor);
        Task<int> answer;
        lock (_loopLock)
        {
            answer = LookElsewhere();
            Assert.False(answer.IsCompleted);
            mailbox.DrainQueue(_supervisor);
        }

        Assert.Equal(7, await answer);

        Task<int> LookElsewhere()
        {
            Task<int>? asked = null;
            var thread = new Thread(() => asked = mailbox.QueryAsync(_ => 7));
            thread.Start();
            thread.Join();
            return asked!;
        }
    }

    [Fact]
    public async Task LookAsync_LettersBefore_KeepTheOrder()
    {
        var order = new List<int>();
        var mailbox = new LoopDispatcher(() => { }, _loopLock);
        mailbox.Attach(_supervisor);
        var first = mailbox.InvokeAsync(_ => Add(1));
        var second = mailbox.QueryAsync(_ => Add(2));
        mailbox.DrainQueue(_supervisor);
        await first;
        await second;
        Assert.Equal([1, 2], order);

        int Add(int number)
        {
            order.Add(number);
            return number;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AskAsync_FromHome_GoesOnThere(bool answered)
    {
        var home = new Home { IsCurrent = true };
        var mailbox = new LoopDispatcher(() => { }, _loopLock, home);
        var answer = mailbox.InvokeAsync(_ => 7);
        var wentOn = answer.ContinueWith(_ => Environment.CurrentManagedThreadId, TestContext.Current.CancellationToken, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        if (answered)
        {
            mailbox.DrainQueue(_supervisor);
        }
        else
        {
            mailbox.Close();
        }

        Assert.False(answer.IsCompleted);
        Assert.Single(home.Posted)();
        Assert.True(wentOn.IsCompleted);
        Assert.Equal(Environment.CurrentManagedThreadId, await wentOn);
        Assert.Equal(answered, answer.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task AskAsync_FromElsewhere_LeavesHomeAlone()
    {
        var home = new Home();
        var mailbox = new LoopDispatcher(() => { }, _loopLock, home);
        var answer = mailbox.InvokeAsync(_ => 7);
        mailbox.DrainQueue(_supervisor);
        Assert.Equal(7, await answer);
        Assert.Empty(home.Posted);
    }

    [Fact]
    public void NotifyAsync_LoopAsleep_WakesIt()
    {
        var mailbox = new LoopDispatcher(() => _rings++, _loopLock);
        mailbox.Attach(_supervisor);
        Assert.True(mailbox.PublishAsync(_ => 1).IsCompletedSuccessfully);
        Assert.Equal(1, _rings);
    }

    [Fact]
    public async Task Close_PendingAndLaterLetters_AreRefused()
    {
        var mailbox = new LoopDispatcher(() => { }, _loopLock);
        var pending = mailbox.InvokeAsync(_ => 1);

        mailbox.Close();
        var later = mailbox.InvokeAsync(_ => 2);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => pending);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => later);
    }

    [Fact]
    public async Task AskAsync_RacingWithClose_EveryLetterIsAnsweredOnce()
    {
        for (var round = 0; round < 200; round++)
        {
            var mailbox = new LoopDispatcher(() => { }, _loopLock);
            var senders = Enumerable.Range(0, 4).Select(_ => Task.Run(() => mailbox.InvokeAsync<ISupervisor?>(s => s))).ToArray();
            mailbox.DrainQueue(null!);
            mailbox.Close();

            // Whether a letter was read or refused depends on the race; that each ends does not.
            var all = Task.WhenAll(senders.Select(async s =>
            {
                try
                {
                    await s;
                }
                catch (ObjectDisposedException)
                {
                }
            }));
            await all.WaitAsync(TimeSpan.FromSeconds(10));
        }
    }

    /// <summary>The operations here do not ask it anything.</summary>
    public class NoSupervisor : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => throw new NotSupportedException();
    }

    private sealed class Home : IEventLoopScheduler
    {
        public List<Action> Posted { get; } = [];

        public bool IsCurrent { get; init; }

        public void Post(Action continuation) => Posted.Add(continuation);
    }
}
