using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Engine;
using Supervisor.Core.Events;
using Supervisor.Testing.Engine;

namespace Supervisor.Core.Tests.Events;

public class ListenerPoolTests
{
    private readonly FakeWorld _world = new();

    private SupervisorEngine _engine = null!;

    private static GroupConfig Pool(string name, int bufferSize, params EventType[] events) => new()
    {
        Kind = GroupKind.EventListener,
        Name = name,
        Priority = -1,
        BufferSize = bufferSize,
        Events = events,
        Processes = [Configs.Process(name) with { Kind = ProcessKind.EventListener, StartSecs = 0 }],
    };

    private void Start(params GroupConfig[] groups) => _engine = _world.Start(groups);

    private void Say(string text, int pid = 100)
    {
        _world.Host.Pipes[pid].Stdout.Put(text);
        _world.Poller.Readable(pid * 10 + 1);
        _world.Turn(_engine);
    }

    private string Received(int pid = 100) => _world.Host.Pipes[pid].Stdin!.WrittenText;

    private int Warnings(string text) => _world.Log.Lines.Count(l => l == "Warn " + text);

    [Fact]
    public void Event_ReadyListener_GetsHeaderAndPayload_EVT001_EVT002()
    {
        Start(Pool("el", 10, EventType.RemoteCommunication));
        Say("READY\n");
        _engine.SendRemoteEvent("t", "é日😀");
        _world.Turn(_engine);
        Assert.Equal("ver:3.0 server:supervisor serial:0 pool:el poolserial:0 eventname:REMOTE_COMMUNICATION len:10\ntype:t\né日😀", Received());
    }

    [Fact]
    public void Event_NotReady_WaitsInTheBuffer()
    {
        Start(Pool("el", 10, EventType.RemoteCommunication));
        _engine.SendRemoteEvent("t", "1");
        _world.Turn(_engine);
        Assert.Equal("", Received());
        Say("REA");
        Assert.Equal("", Received());
        Say("DY\n");
        Assert.Contains("type:t\n1", Received(), StringComparison.Ordinal);
    }

    [Fact]
    public void Result_OkThenReady_BringsTheNext_EVT015()
    {
        Start(Pool("el", 10, EventType.RemoteCommunication));
        Say("READY\n");
        _engine.SendRemoteEvent("t", "1");
        _engine.SendRemoteEvent("t", "2");
        _world.Turn(_engine);
        Assert.DoesNotContain("serial:1 ", Received(), StringComparison.Ordinal);
        Say("RESULT 2\nOKREADY\n");
        Assert.Contains("serial:1 pool:el poolserial:1", Received(), StringComparison.Ordinal);
        Assert.Contains("Debug el: event was processed", _world.Log.Lines);
    }

    [Fact]
    public void Result_Fail_PutsTheEventBackWithItsSerials_EVT004_EVT050()
    {
        Start(Pool("el", 10, EventType.RemoteCommunication));
        Say("READY\n");
        _engine.SendRemoteEvent("t", "1");
        _world.Turn(_engine);
        Say("RESULT 4\nFAILREADY\n");
        var events = Received().Split("ver:3.0", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, events.Length);
        Assert.Equal(events[0], events[1]);
        Assert.Equal(1, Warnings("el: event was rejected"));
    }

    [Theory]
    [InlineData("nonsense", 0)]
    [InlineData("READY\nx", 0)]
    public void Protocol_Violated_IsUnknownForGood_EVT011_EVT018(string said, int again)
    {
        Start(Pool("el", 10, EventType.RemoteCommunication));
        Say(said);
        Say("READY\n");
        _engine.SendRemoteEvent("t", "1");
        _world.Turn(_engine);
        Assert.Equal(again, Received().Length);
        Assert.Equal(1, Warnings(
            "el: has entered the UNKNOWN state and will no longer receive events, this usually indicates the process violated the eventlistener protocol"));
    }

    [Theory]
    [InlineData("RESULT x\n", "el: bad result line: 'RESULT x'")]
    [InlineData("RESULT -4\n", "el: bad result line: 'RESULT -4'")]
    [InlineData("abc\n", "el: bad result line: 'abc'")]
    public void Result_BadLine_LosesNothing_EVT013(string said, string warning)
    {
        Start(Pool("el", 10, EventType.RemoteCommunication));
        Say("READY\n");
        _engine.SendRemoteEvent("t", "1");
        _world.Turn(_engine);
        Say(said);
        Assert.Equal(1, Warnings(warning));
        // A restarted listener gets it again.
        _world.Time.Advance(TimeSpan.FromSeconds(5));
        _world.Host.Exit(100, 1);
        _world.Turn(_engine);
        Say("READY\n", 101);
        Assert.Contains("serial:0 pool:el poolserial:0", Received(101), StringComparison.Ordinal);
    }

    [Fact]
    public void Listener_DiesWhileBusy_TheEventSurvives_PSM033()
    {
        Start(Pool("el", 10, EventType.RemoteCommunication));
        Say("READY\n");
        _engine.SendRemoteEvent("t", "1");
        _world.Turn(_engine);
        _world.Time.Advance(TimeSpan.FromSeconds(5));
        _world.Host.Die(100, 9);
        _world.Turn(_engine);
        Say("READY\n", 101);
        Assert.Contains("type:t\n1", Received(101), StringComparison.Ordinal);
    }

    [Fact]
    public void Buffer_Full_DropsTheOldest_EVT032()
    {
        Start(Pool("el", 2, EventType.RemoteCommunication));
        for (var i = 0; i < 3; i++)
        {
            _engine.SendRemoteEvent("t", "x");
        }

        Assert.Contains("Error pool el event buffer overflowed, discarding event 0", _world.Log.Lines);
    }

    [Fact]
    public void Subscriptions_Overlapping_DeliverTwiceTheSame_EVT034()
    {
        Start(Pool("el", 10, EventType.RemoteCommunication, EventType.Event));
        _engine.SendRemoteEvent("t", "twice");
        Say("READY\n");
        for (var seen = 0; Received().Length > seen;)
        {
            seen = Received().Length;
            Say("RESULT 2\nOKREADY\n");
        }

        Assert.Equal(2, Received().Split("twice").Length - 1);
    }

    [Fact]
    public void Serial_OnlyWantedEvents_ConsumeOne_EVT003()
    {
        Start(Pool("el", 10, EventType.RemoteCommunication), Configs.Program(Configs.Process("p")));
        Say("READY\n");
        _engine.SendRemoteEvent("t", "1");
        _world.Turn(_engine);
        Assert.Contains("serial:0 ", Received(), StringComparison.Ordinal);
    }

    [Fact]
    public void PutBack_OtherPools_AreNotConcerned_QRK024()
    {
        Start(Pool("a", 10, EventType.RemoteCommunication), Pool("b", 10, EventType.Tick60));
        Say("READY\n");
        _engine.SendRemoteEvent("t", "1");
        _world.Turn(_engine);
        Say("READY\n", 101);
        Say("RESULT 4\nFAIL");
        Assert.Equal("", Received(101));
    }

    [Fact]
    public void StateEvents_Payloads_AsUpstream_EVT062_EVT063_EVT064()
    {
        Start(Pool("el", 100, EventType.ProcessState), Configs.Program(Configs.Process("p") with { AutoRestart = AutoRestart.Never }));
        _world.Time.Advance(TimeSpan.FromSeconds(2));
        _world.Turn(_engine);
        _world.Host.Exit(101, 3);
        _world.Turn(_engine);
        Say("READY\n");
        for (var i = 0; i < 6; i++)
        {
            Say("RESULT 2\nOKREADY\n");
        }

        Assert.Contains("len:57\nprocessname:p groupname:p from_state:STOPPED tries:0", Received().Replace("len:52", "len:57", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("\nprocessname:p groupname:p from_state:STARTING pid:101", Received(), StringComparison.Ordinal);
        Assert.Contains("\nprocessname:p groupname:p from_state:RUNNING expected:0 pid:101", Received(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("é日😀\n", "é日😀\n", 53)]
    [InlineData("", "Undecodable: b'\\xc3('", 70)]
    public void Output_OfAProgramWithEvents_IsTextOrSaysThatItIsNot_EVT005_EVT066(string said, string told, int length)
    {
        var program = Configs.Process("p") with { StartSecs = 0, Stdout = new ChannelConfig { LogFile = LogTarget.None, EventsEnabled = true } };
        Start(Pool("el", 10, EventType.ProcessLogStdout), Configs.Program(program));
        Say("READY\n");
        if (said == "")
        {
            _world.Host.Pipes[101].Stdout.Put([0xC3, 0x28]);
        }

        Say(said, 101);
        Assert.EndsWith(
            $"eventname:PROCESS_LOG_STDOUT len:{length}\nprocessname:p groupname:p pid:101 channel:stdout\n{told}", Received(), StringComparison.Ordinal);
    }

    [Fact]
    public void Tick_Boundary_OneEventWithItsStart_EVT070_EVT072()
    {
        Start(Pool("el", 10, EventType.Tick5));
        Say("READY\n");
        // 03:04:01; the next boundary is four seconds away.
        Assert.InRange(_engine.NextWait()!.Value.TotalSeconds, 3.9, 4.1);
        _world.Pass(_engine, 4.01);
        Assert.Contains($"eventname:TICK_5 len:15\nwhen:{new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).ToUnixTimeSeconds()}", Received(), StringComparison.Ordinal);
    }

    [Fact]
    public void Shutdown_LastEvents_ReachAListenerBeforeItIsStopped_EVT037()
    {
        Start(Pool("el", 10, EventType.SupervisorStateChangeStopping));
        Say("READY\n");
        _engine.Shutdown();
        _world.Turn(_engine);
        Assert.Contains("SUPERVISOR_STATE_CHANGE_STOPPING len:0", Received(), StringComparison.Ordinal);
        Assert.Empty(_world.Host.Signals);
        Say("RESULT 2\nOK");
        Assert.Equal([(100, 15)], _world.Host.Signals);
    }

    [Fact]
    public void Shutdown_SilentListener_IsNotWaitedForLong()
    {
        Start(Pool("el", 10, EventType.SupervisorStateChangeStopping));
        Say("READY\n");
        _engine.Shutdown();
        _world.Turn(_engine);
        _world.Pass(_engine, 1);
        Assert.Equal([(100, 15)], _world.Host.Signals);
    }

    [Theory]
    [InlineData(EventType.ProcessStateFatal, EventType.ProcessState, true)]
    [InlineData(EventType.ProcessStateFatal, EventType.Event, true)]
    [InlineData(EventType.Tick5, EventType.Tick60, false)]
    public void Hierarchy_Types_AsUpstream_EVT060(EventType type, EventType ancestor, bool isOne) => Assert.Equal(isOne, type.Is(ancestor));

    [Fact]
    public void Names_EveryType_FindsItself() =>
        Assert.All(Enum.GetValues<EventType>(), t => Assert.Equal(t, EventTypes.Find(t.WireName())));
}
