using Supervisor.Core.Engine;
using Supervisor.Daemon.Hosting;

namespace Supervisor.Daemon.Tests.Hosting;

public sealed class MailboxTests
{
    private int _rings;

    [Fact]
    public async Task AskAsync_Delivered_AnswersWithResult()
    {
        var mailbox = new Mailbox(() => _rings++);
        var answer = mailbox.AskAsync(_ => 42);
        Assert.False(answer.IsCompleted);

        mailbox.Deliver(null!);

        Assert.Equal(42, await answer);
        Assert.Equal(1, _rings);
    }

    [Fact]
    public async Task AskAsync_OperationThrows_AnswersWithItsException()
    {
        var mailbox = new Mailbox(() => { });
        var answer = mailbox.AskAsync<int>(_ => throw new InvalidOperationException("no"));

        mailbox.Deliver(null!);

        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => answer);
        Assert.Equal("no", e.Message);
    }

    [Fact]
    public void Deliver_SeveralLetters_RunsInOrderOfArrival()
    {
        var order = new List<int>();
        var mailbox = new Mailbox(() => { });
        for (var i = 0; i < 5; i++)
        {
            var n = i;
            _ = mailbox.AskAsync(_ =>
            {
                order.Add(n);
                return n;
            });
        }

        mailbox.Deliver(null!);

        Assert.Equal([0, 1, 2, 3, 4], order);
    }

    [Fact]
    public async Task Close_PendingAndLaterLetters_AreRefused()
    {
        var mailbox = new Mailbox(() => { });
        var pending = mailbox.AskAsync(_ => 1);

        mailbox.Close();
        var later = mailbox.AskAsync(_ => 2);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => pending);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => later);
    }

    [Fact]
    public async Task AskAsync_RacingWithClose_EveryLetterIsAnsweredOnce()
    {
        for (var round = 0; round < 200; round++)
        {
            var mailbox = new Mailbox(() => { });
            var senders = Enumerable.Range(0, 4).Select(_ => Task.Run(() => mailbox.AskAsync<ISupervisor?>(s => s))).ToArray();
            mailbox.Deliver(null!);
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
}
