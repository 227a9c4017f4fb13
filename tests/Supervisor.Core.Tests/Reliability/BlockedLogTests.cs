using Supervisor.Core.Engine;
using Supervisor.Core.Output;
using Supervisor.Core.Ports;
using Supervisor.Core.Processes;
using Supervisor.Testing.Engine;

namespace Supervisor.Core.Tests.Reliability;

/// <summary>A log that is a pipe or terminal takes no more: its channel waits, and nothing else does.</summary>
public class BlockedLogTests
{
    private const int Log = 5000;

    private readonly FakeWorld _world = new();
    private readonly SupervisorEngine _engine;
    private readonly ISupervisedProcess _process;

    public BlockedLogTests()
    {
        _engine = _world.Start(Configs.Program(Configs.Process("p") with { StartSecs = 0 }));
        _process = _engine.FindGroup("p")!.Find("p")!;
    }

    private FakePipe Stdout => _world.Host.Pipes[_process.Pid].Stdout;

    private FakeSink Sink => _world.Sinks.Made.Last(m => m.Channel == OutputChannel.Stdout).Sink;

    private bool Told(string text) => _world.Log.Lines.Any(line => line.Contains(text, StringComparison.Ordinal));

    private void Block()
    {
        Sink.BlockedOn = Log;
        Stdout.Put("output");
        _world.Poller.Readable(Stdout.Descriptor);
    }

    private void Release()
    {
        Sink.BlockedOn = null;
        _world.Poller.Writable(Log);
    }

    [Fact]
    public void Blocked_TheChannelIsNotReadUntilTheLogTakesMore()
    {
        Block();
        Assert.Equal(PollInterest.None, _world.Poller.Watched[Stdout.Descriptor].Interest);
        Assert.Equal(PollInterest.Write, _world.Poller.Watched[Log].Interest);
        Release();
        Assert.Equal(PollInterest.Read, _world.Poller.Watched[Stdout.Descriptor].Interest);
        Assert.DoesNotContain(Log, _world.Poller.Watched.Keys);
        Assert.False(Told("has taken nothing"));
    }

    [Fact]
    public void Blocked_StillBlockedAfterAWrite_WaitsOn()
    {
        Block();
        _world.Poller.Writable(Log);
        Assert.Equal(1, Sink.Resumed);
        Assert.Equal(PollInterest.None, _world.Poller.Watched[Stdout.Descriptor].Interest);
    }

    [Fact]
    public void Blocked_FiveSeconds_IsToldOnceAndSoIsItsEnd()
    {
        Block();
        _world.Turn(_engine);
        Assert.Equal(TimeSpan.FromSeconds(5), _engine.NextWait());
        _world.Pass(_engine, 5);
        _world.Pass(_engine, 50);
        Assert.Single(_world.Log.Lines, "Warn p: the log of stdout has taken nothing for 5 seconds, the program waits until it does");
        Release();
        Assert.True(Told("Info p: the log of stdout takes output again"));
    }

    [Fact]
    public void Blocked_LogCannotBeWatched_TheChannelIsReadOn()
    {
        _world.Poller.Fault = () => Posix.ENOMEM;
        Block();
        Assert.Equal(PollInterest.Read, _world.Poller.Watched[Stdout.Descriptor].Interest);
    }

    [Fact]
    public void Exit_LastWordsNotTaken_LingerUntilTheyAre()
    {
        Block();
        var sink = Sink;
        _world.Host.Exit(_process.Pid, 1);
        _world.Turn(_engine);
        Assert.True(sink.Closed);
        Assert.Equal(PollInterest.Write, _world.Poller.Watched[Log].Interest);
        sink.BlockedOn = null;
        _world.Poller.Writable(Log);
        Assert.DoesNotContain(Log, _world.Poller.Watched.Keys);
        Assert.False(sink.Abandoned);
    }

    [Fact]
    public void Exit_AgainAndAgain_OnlyTheLastLingers()
    {
        var sinks = new List<FakeSink>();
        for (var life = 0; life < 5; life++)
        {
            Sink.BlockedOn = Log + life;
            sinks.Add(Sink);
            Stdout.Put("output");
            _world.Poller.Readable(Stdout.Descriptor);
            _world.Host.Exit(_process.Pid, 1);
            _world.Pass(_engine, 2);
        }

        Assert.Equal([true, true, true, true, false], sinks.Select(s => s.Abandoned));
        Assert.Single(_world.Poller.Watched.Keys, descriptor => descriptor >= Log);
    }

    [Fact]
    public void Shutdown_LastWordsNotTaken_WaitsASecondAndNoLonger()
    {
        Block();
        var sink = Sink;
        _engine.Shutdown();
        _world.Turn(_engine);
        Assert.Equal(ProcessState.Stopped, _process.State);
        Assert.False(_engine.Ended);
        Assert.Equal(TimeSpan.FromSeconds(1), _engine.NextWait());
        _world.Pass(_engine, 1);
        Assert.True(_engine.Ended);
        Assert.True(sink.Abandoned);
    }

    [Fact]
    public void Shutdown_LastWordsTaken_EndsAtOnce()
    {
        Block();
        var sink = Sink;
        _engine.Shutdown();
        _world.Turn(_engine);
        sink.BlockedOn = null;
        _world.Poller.Writable(Log);
        _world.Turn(_engine);
        Assert.True(_engine.Ended);
        Assert.False(sink.Abandoned);
    }

    [Fact]
    public void ReopenLogs_Blocked_WaitsForTheNewFile()
    {
        Block();
        Sink.BlockedOn = Log + 1;
        _engine.OnSignal(SignalNames.Usr2);
        Assert.DoesNotContain(Log, _world.Poller.Watched.Keys);
        Assert.Equal(PollInterest.Write, _world.Poller.Watched[Log + 1].Interest);
        Assert.Equal(PollInterest.None, _world.Poller.Watched[Stdout.Descriptor].Interest);
    }
}
