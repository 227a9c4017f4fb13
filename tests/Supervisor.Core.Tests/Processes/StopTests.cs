using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Engine;
using Supervisor.Core.Events;
using Supervisor.Core.Ports;
using Supervisor.Core.Processes;
using Supervisor.Testing.Engine;

namespace Supervisor.Core.Tests.Processes;

/// <summary>Stops of what has no child at the moment, and of what the kernel will not let us stop.</summary>
public class StopTests
{
    private readonly FakeWorld _world = new();
    private readonly List<string> _events = [];
    private SupervisorEngine _engine = null!;

    private ISupervisedProcess Start(ProcessConfig config)
    {
        _engine = _world.Start(Configs.Program(config));
        _engine.Watch([EventType.ProcessState], notice => _events.Add($"{notice.Type} {notice.Payload}"));
        return _engine.FindGroup("p")!.Find("p")!;
    }

    private static ProcessConfig Looping => Configs.Process("p") with { StartSecs = 0, AutoRestart = AutoRestart.Always };

    [Fact]
    public void Stop_RestartPending_CancelsIt()
    {
        var process = Start(Looping);
        _world.Host.Exit(100, 1);
        _world.Turn(_engine);
        Assert.Equal(ProcessState.Exited, process.State);
        Assert.True(process.RestartPending);

        Assert.Null(process.Stop());

        Assert.Equal(ProcessState.Stopped, process.State);
        Assert.False(process.RestartPending);
        var stopped = false;
        process.WhenStopped(() => stopped = true);
        Assert.True(stopped);
        _world.Pass(_engine, 100);
        Assert.Single(_world.Host.Spawned);
        Assert.Equal(
            [
                "ProcessStateExited processname:p groupname:p from_state:RUNNING expected:0 pid:100",
                "ProcessStateStopped processname:p groupname:p from_state:EXITED pid:0",
            ],
            _events);

        process.Spawn();
        _world.Turn(_engine);
        Assert.Equal(ProcessState.Running, process.State);
    }

    [Fact]
    public void Stop_ExitedForGood_IsNotRunning()
    {
        var process = Start(Looping with { AutoRestart = AutoRestart.Never });
        _world.Host.Exit(100, 1);
        _world.Turn(_engine);
        Assert.False(process.RestartPending);
        Assert.NotNull(process.Stop());
        Assert.Equal(ProcessState.Exited, process.State);
    }

    [Fact]
    public void Stop_BetweenDeathAndReaping_EndsStoppedAndStaysSo()
    {
        var process = Start(Looping);
        _world.Host.Obedient = false;
        _world.Host.Exit(100, 1);
        Assert.Null(process.Stop());
        _world.Pass(_engine, 5);
        Assert.Equal(ProcessState.Stopped, process.State);
        _world.Pass(_engine, 100);
        Assert.Single(_world.Host.Spawned);
    }

    [Fact]
    public void Shutdown_RestartPending_EndsAtOnce()
    {
        var process = Start(Looping);
        _world.Host.Exit(100, 1);
        _world.Turn(_engine);
        _engine.Shutdown();
        _world.Turn(_engine);
        Assert.True(_engine.Ended);
        Assert.False(process.RestartPending);
    }

    [Fact]
    public void RemoveGroup_RestartPending_RemovesItAndStartsNothing()
    {
        Start(Looping);
        _world.Host.Exit(100, 1);
        _world.Turn(_engine);
        Assert.Equal(RemoveGroupOutcome.Removed, _engine.RemoveGroup("p"));
        _world.Pass(_engine, 100);
        Assert.Single(_world.Host.Spawned);
    }

    [Fact]
    public void StopRefused_ItsDeathEndsTheDoubtAndStartsNothing()
    {
        var process = Start(Looping);
        _world.Pass(_engine, 5);
        _world.Host.KillErrno = Posix.EPERM;
        Assert.NotNull(process.Stop());
        Assert.Equal(ProcessState.Unknown, process.State);
        process.Spawn();
        Assert.Equal(100, process.Pid);

        _world.Host.KillErrno = 0;
        _world.Host.Die(100, 9);
        _world.Pass(_engine, 100);
        Assert.Equal(ProcessState.Exited, process.State);
        Assert.Single(_world.Host.Spawned);
        Assert.Equal("ProcessStateExited processname:p groupname:p from_state:UNKNOWN expected:0 pid:100", _events[^1]);

        process.Spawn();
        _world.Turn(_engine);
        Assert.Equal(ProcessState.Running, process.State);
        Assert.Equal(101, process.Pid);
    }

    [Fact]
    public void SignalRefused_ItsDeathIsAnsweredByAutorestart()
    {
        var process = Start(Looping);
        _world.Pass(_engine, 5);
        _world.Host.KillErrno = Posix.EPERM;
        Assert.NotNull(process.SendSignal(SignalNames.Hup));
        _world.Host.KillErrno = 0;
        _world.Host.Exit(100, 1);
        _world.Pass(_engine, 5);
        Assert.Equal(ProcessState.Running, process.State);
        Assert.Equal(101, process.Pid);
    }

    [Fact]
    public void SignalRefusedDuringAStop_ItsDeathStartsNothing()
    {
        var process = Start(Looping);
        _world.Host.Obedient = false;
        _world.Pass(_engine, 5);
        Assert.Null(process.Stop());
        _world.Host.KillErrno = Posix.EPERM;
        Assert.NotNull(process.SendSignal(SignalNames.Hup));
        _world.Host.KillErrno = 0;
        _world.Host.Exit(100, 1);
        _world.Pass(_engine, 5);
        Assert.Equal(ProcessState.Exited, process.State);
        Assert.Single(_world.Host.Spawned);
    }
}
