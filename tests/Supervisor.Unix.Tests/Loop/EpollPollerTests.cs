using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix.Tests.Loop;

public sealed class EpollPollerTests : IDisposable
{
    private readonly EpollPoller _poller = new();
    private readonly List<string> _log = [];

    public void Dispose() => _poller.Dispose();

    [Fact]
    public void Wait_Batch_RunsReadableBeforeWritable()
    {
        var (reader, writer) = Pipe();
        _poller.Watch(writer, PollInterest.Write, new Handler(this, "w"));
        _poller.Watch(reader, PollInterest.Read, new Handler(this, "r"));
        Put(writer);
        _poller.Wait(null);
        Assert.Equal(["r:read", "w:write"], _log);
        Close(reader, writer);
    }

    [Fact]
    public void Wait_HandlerEndsALaterOneAndReusesItsNumber_StaleEventIsSkipped()
    {
        var (a, aWriter) = Pipe();
        var (b, bWriter) = Pipe();
        Put(aWriter);
        Put(bWriter);
        var (idle, idleWriter) = Pipe();
        // Whoever comes first replaces the other by a silent pipe under the same number.
        void Replace(int other)
        {
            _poller.Unwatch(other);
            Assert.Equal(other, Libc.dup2(idle, other));
            _poller.Watch(other, PollInterest.Read, new Handler(this, "new"));
        }

        _poller.Watch(a, PollInterest.Read, new Handler(this, "a", () => Replace(b)));
        _poller.Watch(b, PollInterest.Read, new Handler(this, "b", () => Replace(a)));
        _poller.Wait(null);
        Assert.Single(_log);
        Assert.DoesNotContain("new:read", _log);
        Close(a, aWriter, b, bWriter, idle, idleWriter);
    }

    [Fact]
    public void Watch_NoInterest_HangUpDoesNotSpin()
    {
        var (reader, writer) = Pipe();
        _poller.Watch(reader, PollInterest.Read, new Handler(this, "r"));
        _poller.Watch(reader, PollInterest.None, new Handler(this, "r"));
        Libc.Close(writer);
        _poller.Wait(TimeSpan.Zero);
        Assert.Empty(_log);
        _poller.Watch(reader, PollInterest.Read, new Handler(this, "r"));
        _poller.Wait(null);
        Assert.Equal(["r:read"], _log);
        Close(reader);
    }

    [Fact]
    public void Unwatch_AfterClose_IsHarmless()
    {
        var (reader, writer) = Pipe();
        _poller.Watch(reader, PollInterest.Read, new Handler(this, "r"));
        Close(reader, writer);
        _poller.Unwatch(reader);
        _poller.Unwatch(reader);
    }

    [Fact]
    public void Ring_InABatch_IsHeardSoon_AndTheRestIsNotLost()
    {
        var pipes = Enumerable.Range(0, 20).Select(_ => Pipe()).ToList();
        var first = true;
        foreach (var (reader, writer) in pipes)
        {
            Put(writer);
            _poller.Watch(reader, PollInterest.Read, new Handler(this, $"{reader}", () =>
            {
                if (first)
                {
                    first = false;
                    _poller.Wake();
                }
            }));
        }

        _poller.Wait(null);
        Assert.InRange(_log.Count, 1, 10);
        for (var i = 0; i < 10; i++)
        {
            _poller.Wait(TimeSpan.Zero);
        }

        // The twenty that were ready had their turn before any had a second one.
        Assert.Equal(20, _log.Take(20).Distinct().Count());
        Close([.. pipes.SelectMany(p => new[] { p.Reader, p.Writer })]);
    }

    [Fact]
    public async Task Ring_FromAnotherThread_EndsAnEndlessWait()
    {
        var ringer = Task.Run(() => _poller.Wake());
        _poller.Wait(null);
        await ringer;
        _poller.Wait(TimeSpan.Zero);
        _poller.Dispose();
        _poller.Wake();
    }

    private static void Put(int writer) => new DescriptorPipe(Libc.fcntl(writer, Libc.F_DUPFD_CLOEXEC, 3)).WriteAndClose();

    private static (int Reader, int Writer) Pipe()
    {
        using var pair = new PipePair(daemonReads: true);
        return (pair.TakeDaemonEnd().Descriptor, Libc.fcntl(pair.ChildEnd, Libc.F_DUPFD_CLOEXEC, 3));
    }

    private static void Close(params int[] descriptors)
    {
        foreach (var descriptor in descriptors)
        {
            Libc.Close(descriptor);
        }
    }

    private sealed class Handler(EpollPollerTests test, string name, Action? then = null) : IPollHandler
    {
        public void OnReadable()
        {
            test._log.Add(name + ":read");
            then?.Invoke();
        }

        public void OnWritable() => test._log.Add(name + ":write");
    }
}

file static class PipeHelp
{
    internal static void WriteAndClose(this DescriptorPipe pipe)
    {
        Assert.Equal(1, pipe.Write("x"u8));
        pipe.Dispose();
    }
}
