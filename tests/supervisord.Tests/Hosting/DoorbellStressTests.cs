using System.Reflection;
using Supervisor.Core.Engine;
using Supervisor.Daemon.Hosting;
using Supervisor.Unix;

namespace Supervisor.Daemon.Tests.Hosting;

/// <summary>The real poller and the mailbox under many threads: no letter is forgotten, no ring is lost while the loop falls asleep.</summary>
public sealed class DoorbellStressTests
{
    private const int Threads = 8;
    private const int Calls = 3000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Letters_FromManyThreads_AreAllAnswered(bool imminent)
    {
        var loopLock = new Lock();
        using var poller = new EpollPoller { LoopLock = loopLock };
        var mailbox = new LoopDispatcher(poller.Wake, loopLock);
        var supervisor = DispatchProxy.Create<ISupervisor, Nobody>();
        var (running, asked, looked) = (true, 0, 0);
        var loop = new Thread(() =>
        {
            lock (loopLock)
            {
                mailbox.Attach(supervisor);
                while (Volatile.Read(ref running))
                {
                    // For ever: only a ring ends it.
                    poller.Wait(null, imminent);
                    mailbox.DrainQueue(supervisor);
                }

                mailbox.Close();
            }
        });
        loop.Start();

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(number => Task.Run(async () =>
        {
            for (var i = 0; i < Calls; i++)
            {
                var answer = (i + number) % 3 == 0
                    ? mailbox.QueryAsync(_ => Interlocked.Increment(ref looked))
                    : mailbox.InvokeAsync(_ => Interlocked.Increment(ref asked));
                await answer.WaitAsync(TimeSpan.FromSeconds(30));
            }
        }))).WaitAsync(TimeSpan.FromMinutes(2));

        Volatile.Write(ref running, false);
        poller.Wake();
        Assert.True(loop.Join(TimeSpan.FromSeconds(30)));
        Assert.Equal(Threads * Calls, asked + looked);
    }

    /// <summary>Nobody asks it anything.</summary>
    public class Nobody : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => throw new NotSupportedException();
    }
}
