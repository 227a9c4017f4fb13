using Supervisor.Core.Configuration;
using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Engine;
using Supervisor.Core.Ports;
using Supervisor.Core.Processes;
using Supervisor.Testing.Engine;

namespace Supervisor.Core.Tests.Engine;

public class SupervisorEngineTests
{
    private readonly FakeWorld _world = new();

    private static ProcessConfig Quick(string name, int priority = 999) => Configs.Process(name) with { StartSecs = 0, Priority = priority };

    private string[] SpawnOrder() => [.. _world.Log.Lines.Where(l => l.StartsWith("Info spawned", StringComparison.Ordinal)).Select(l => l.Split('\'')[1])];

    [Fact]
    public void Autostart_Order_GroupsByPriorityMembersAsStored_DMN042()
    {
        _world.Start(
            Configs.Group("late", 10, Quick("z", 1), Quick("y", 0)), Configs.Group("first", 1, Quick("a")), Configs.Group("alike", 10, Quick("b")));
        Assert.Equal(["a", "z", "y", "b"], SpawnOrder());
    }

    [Fact]
    public void Shutdown_GroupAfterGroup_EachDeadBeforeTheNext_DMN048()
    {
        var engine = _world.Start(Configs.Group("one", 1, Quick("a")), Configs.Group("two", 2, Quick("b", 5), Quick("c", 7)));
        _world.Host.Obedient = false;
        engine.OnSignal(SignalNames.Term);
        _world.Turn(engine);
        Assert.Equal([(102, 15), (101, 15)], _world.Host.Signals);
        Assert.Contains("Warn received SIGTERM indicating exit request", _world.Log.Lines);
        Assert.Contains("Info waiting for a, b, c to die", _world.Log.Lines);

        _world.Host.Die(102, 15);
        _world.Turn(engine);
        Assert.Equal(2, _world.Host.Signals.Count);

        _world.Host.Die(101, 15);
        _world.Turn(engine);
        Assert.Equal((100, 15), _world.Host.Signals[^1]);
        Assert.False(engine.Ended);

        _world.Host.Die(100, 15);
        _world.Turn(engine);
        Assert.True(engine.Ended);
        Assert.False(engine.RestartRequested);
    }

    [Fact]
    public void Shutdown_StubbornProgram_IsReportedEveryThreeSeconds_DMN050()
    {
        var engine = _world.Start(Configs.Program(Quick("a") with { StopWaitSecs = 100 }));
        _world.Host.Obedient = false;
        engine.Shutdown();
        _world.Turn(engine);
        _world.Pass(engine, 2.9);
        Assert.Single(_world.Log.Lines, "Info waiting for a to die");
        _world.Pass(engine, 0.1);
        Assert.Equal(2, _world.Log.Lines.Count(l => l == "Info waiting for a to die"));
    }

    [Fact]
    public void Shutdown_Retries_EndInFatalAndNothingIsStarted_DMN049()
    {
        var engine = _world.Start(Configs.Program(Configs.Process("a")));
        _world.Host.Exit(100, 1);
        _world.Turn(engine);
        engine.Shutdown();
        _world.Turn(engine);
        Assert.True(engine.Ended);
        Assert.Equal(ProcessState.Fatal, engine.FindGroup("a")!.Find("a")!.State);
        Assert.Single(_world.Host.Spawned);
    }

    [Fact]
    public void Restart_WithABrokenConfiguration_IsRefusedAndNothingStops_QRK029()
    {
        var engine = _world.Start(Configs.Program(Quick("a")));
        _world.NextConfig = null;
        engine.OnSignal(SignalNames.Hup);
        Assert.Throws<ConfigException>(engine.Restart);
        _world.Turn(engine);
        Assert.Equal(SupervisorState.Running, engine.State);
        Assert.Contains("Error not restarted, the configuration is refused: refused", _world.Log.Lines);
        Assert.Equal(ProcessState.Running, engine.FindGroup("a")!.Find("a")!.State);
    }

    [Fact]
    public void Hangup_Restarts_AndIsIgnoredDuringShutdown_DMN044()
    {
        var engine = _world.Start(Configs.Program(Quick("a")));
        engine.OnSignal(SignalNames.Hup);
        Assert.Equal(SupervisorState.Restarting, engine.State);
        engine.OnSignal(SignalNames.Int);
        engine.OnSignal(SignalNames.Hup);
        Assert.Equal(SupervisorState.Shutdown, engine.State);
        Assert.Contains("Warn ignored SIGHUP indicating restart request (shutdown in progress)", _world.Log.Lines);
        _world.Turn(engine);
        Assert.True(engine.Ended);
    }

    [Fact]
    public void Usr2_ReopensEveryLog_DMN045()
    {
        var engine = _world.Start(Configs.Program(Quick("a")));
        engine.OnSignal(SignalNames.Usr2);
        Assert.Equal(["Info received SIGUSR2 indicating log reopen request", "Info supervisord logreopen"], _world.Log.Lines[^2..]);
        Assert.Equal(1, _world.Log.Reopened);
        Assert.All(_world.Sinks.Made, s => Assert.Equal(1, s.Sink.Reopened));
    }

    [Fact]
    public void Names_OfTheDaemon_AreRestoredByUsr2AndRereadAlone()
    {
        var engine = _world.Start(Configs.Program(Quick("a")));
        _world.Pass(engine, 10);
        Assert.Equal(0, _world.NamesRestored);
        engine.OnSignal(SignalNames.Usr2);
        Assert.Equal(1, _world.NamesRestored);
        _world.NextConfig = Configs.Daemon();
        engine.Reread();
        Assert.Equal(2, _world.NamesRestored);
    }

    [Fact]
    public void Reap_Stranger_IsToldByItsStatus_DMN054()
    {
        var engine = _world.Start();
        _world.Host.Exit(7777, 3);
        _world.Turn(engine);
        Assert.Contains("Info reaped unknown pid 7777 (exit status 3)", _world.Log.Lines);
    }

    [Fact]
    public void Reread_Differences_ByGroup_RPC038_RPC039()
    {
        var engine = _world.Start(Configs.Program(Quick("gone")), Configs.Program(Quick("same")), Configs.Program(Quick("other")));
        _world.NextConfig = Configs.Daemon(
            Configs.Program(Quick("same")), Configs.Program(Quick("other") with { StopWaitSecs = 3 }), Configs.Program(Quick("new")));
        var changes = engine.Reread();
        Assert.Equal(["new"], changes.Added);
        Assert.Equal(["other"], changes.Changed);
        Assert.Equal(["gone"], changes.Removed);
    }

    public static TheoryData<string, Func<ProcessConfig, ProcessConfig>> Changes => new()
    {
        { "command", p => p with { Command = "x" } },
        { "environment", p => p with { Environment = new Dictionary<string, string> { ["A"] = "1" } } },
        { "exitcodes", p => p with { ExitCodes = [0, 1] } },
        { "log to AUTO", p => p with { Stdout = p.Stdout with { LogFile = LogTarget.Auto } } },
        { "uid", p => p with { Uid = 5 } },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Reread_AnyOption_Counts(string what, Func<ProcessConfig, ProcessConfig> change)
    {
        Assert.NotEmpty(what);
        var engine = _world.Start(Configs.Program(Quick("p")));
        _world.NextConfig = Configs.Daemon(Configs.Program(change(Quick("p"))));
        Assert.Equal(["p"], engine.Reread().Changed);
    }

    [Fact]
    public void Reread_Refused_ChangesNothing()
    {
        var engine = _world.Start(Configs.Program(Quick("p")));
        var before = engine.Config;
        _world.NextConfig = null;
        Assert.Throws<ConfigException>(engine.Reread);
        Assert.Same(before, engine.Config);
    }

    [Fact]
    public void Groups_AddAndRemove_FollowTheLastReread_RPC041_RPC042()
    {
        var engine = _world.Start(Configs.Program(Quick("p")));
        Assert.Equal(AddGroupOutcome.AlreadyActive, engine.AddGroup("p"));
        Assert.Equal(AddGroupOutcome.Unknown, engine.AddGroup("new"));
        Assert.Equal(RemoveGroupOutcome.Unknown, engine.RemoveGroup("new"));
        Assert.Equal(RemoveGroupOutcome.StillRunning, engine.RemoveGroup("p"));
        _world.NextConfig = Configs.Daemon(Configs.Program(Quick("new")));
        engine.Reread();
        Assert.Equal(AddGroupOutcome.Added, engine.AddGroup("new"));
        _world.Turn(engine);
        Assert.Equal(ProcessState.Running, engine.FindGroup("new")!.Find("new")!.State);
        engine.FindGroup("p")!.Find("p")!.Stop();
        _world.Turn(engine);
        Assert.Equal(RemoveGroupOutcome.Removed, engine.RemoveGroup("p"));
        Assert.Null(engine.FindGroup("p"));
    }

    [Fact]
    public void AutoLogs_MadeWithTheGroup_NamedForTheInstance_LOG002()
    {
        var config = Configs.Process("p") with { Stdout = new ChannelConfig(), Stderr = new ChannelConfig { LogFile = LogTarget.None } };
        var engine = _world.Start(Configs.Program(config));
        Assert.Equal("/tmp/p-stdout---supervisor-12345678.log", engine.FindGroup("p")!.Find("p")!.StdoutLogPath);
        Assert.Null(engine.FindGroup("p")!.Find("p")!.StderrLogPath);
    }

    [Fact]
    public void Fcgi_SharedSocket_LivesFromTheFirstToTheLast_SPN041()
    {
        var socket = new FcgiSocketConfig { Url = "unix:///f.sock" };
        var group = new GroupConfig
        {
            Kind = GroupKind.FcgiProgram,
            Name = "f",
            Priority = 1,
            Socket = socket,
            Processes = [Quick("f0") with { Socket = socket }, Quick("f1") with { Socket = socket }],
        };
        var engine = _world.Start(group);
        Assert.Single(_world.Sockets.Open);
        Assert.All(_world.Host.Spawned, s => Assert.Equal(_world.Sockets.Open[0], s.StdinSocket));
        foreach (var process in engine.FindGroup("f")!.Processes)
        {
            Assert.Equal(StdinOutcome.NoPipe, process.WriteStdin("x"u8.ToArray()));
            process.Stop();
            _world.Turn(engine);
        }

        Assert.Empty(_world.Sockets.Open);
        string[] expected = ["Creating", "Closing", "Creating", "Closing"];
        Assert.Equal(expected, _world.Log.Lines.Where(l => l.Contains("socket unix", StringComparison.Ordinal)).Select(l => l.Split(' ')[1]));
    }

    [Fact]
    public void Fcgi_SocketRefusedLater_IsASpawnErrorAndNoDeadDaemon_SPN046()
    {
        var socket = new FcgiSocketConfig { Url = "tcp://h:1" };
        var group = new GroupConfig
        {
            Kind = GroupKind.FcgiProgram,
            Name = "f",
            Priority = 1,
            Socket = socket,
            Processes = [Quick("f") with { Socket = socket, AutoStart = false }],
        };
        var engine = _world.Start(group);
        _world.Sockets.Refusal = "no";
        var process = engine.FindGroup("f")!.Find("f")!;
        process.Spawn();
        Assert.Equal("Could not create FastCGI socket tcp://h:1: no", process.SpawnError);
    }

    [Fact]
    public void Fcgi_SocketRefusedAtTheStart_IsItsGroupsTroubleAlone_DMN028()
    {
        _world.Sockets.Refusal = "no";
        var engine = _world.Start(TakenPort, Configs.Program(Quick("ok")));
        Assert.Equal(ProcessState.Running, engine.FindGroup("ok")!.Find("ok")!.State);
        Assert.Contains("Error Could not create FastCGI socket tcp://h:1: no", _world.Log.Lines);
        AssertFailsUntilThePortIsFree(engine);
    }

    [Fact]
    public void Fcgi_SocketRefusedWhenAdded_TheGroupIsThereAndFails_SPN042()
    {
        var engine = _world.Start(Configs.Program(Quick("ok")));
        _world.NextConfig = Configs.Daemon(Configs.Program(Quick("ok")), TakenPort);
        _world.Sockets.Refusal = "no";
        Assert.Equal(["f"], engine.Reread().Added);
        Assert.Equal(AddGroupOutcome.Added, engine.AddGroup("f"));
        _world.Turn(engine);
        AssertFailsUntilThePortIsFree(engine);
    }

    private static GroupConfig TakenPort
    {
        get
        {
            var socket = new FcgiSocketConfig { Url = "tcp://h:1" };
            return new GroupConfig
            {
                Kind = GroupKind.FcgiProgram,
                Name = "f",
                Priority = 1,
                Socket = socket,
                Processes = [Quick("f") with { Socket = socket }],
            };
        }
    }

    private void AssertFailsUntilThePortIsFree(SupervisorEngine engine)
    {
        var process = engine.FindGroup("f")!.Find("f")!;
        Assert.Equal(ProcessState.Backoff, process.State);
        for (var i = 0; i < 10; i++)
        {
            _world.Pass(engine, 5);
        }

        Assert.Equal(ProcessState.Fatal, process.State);
        Assert.Equal("Could not create FastCGI socket tcp://h:1: no", process.Report().Description);
        Assert.Empty(_world.Sockets.Open);

        _world.Sockets.Refusal = null;
        process.Spawn();
        _world.Turn(engine);
        Assert.Equal(ProcessState.Running, process.State);
        Assert.Single(_world.Sockets.Open);
    }

    /// <summary>The first in the order of the groups, which is that of their priorities and then of their kinds.</summary>
    [Fact]
    public void Groups_OfOneName_TheFirstIsMadeAndAddedAndTheOthersCount_OPT105()
    {
        var first = Configs.Group("web", 999, Quick("nginx"), Quick("php"));
        var second = Configs.Program(Quick("web"));
        var engine = _world.Start(first, second);
        Assert.Equal(["nginx", "php"], engine.Groups.Single().Processes.Select(p => p.Config.Name));
        Assert.Equal(["nginx", "php"], SpawnOrder());

        var changes = engine.Reread();
        Assert.Equal(["web"], changes.Changed);
        Assert.Empty(changes.Added);
        Assert.Empty(changes.Removed);
        foreach (var process in engine.FindGroup("web")!.Processes)
        {
            process.Stop();
        }

        _world.Turn(engine);
        Assert.Equal(RemoveGroupOutcome.Removed, engine.RemoveGroup("web"));
        Assert.Equal(["web", "web"], engine.Reread().Added);
        Assert.Equal(AddGroupOutcome.Added, engine.AddGroup("web"));
        Assert.Equal(AddGroupOutcome.AlreadyActive, engine.AddGroup("web"));
        Assert.Equal(["nginx", "php"], engine.Groups.Single().Processes.Select(p => p.Config.Name));
    }
}
