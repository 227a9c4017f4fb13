using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Engine;
using Supervisor.Core.Ports;
using Supervisor.Core.Processes;
using Supervisor.Testing.Engine;

namespace Supervisor.Core.Tests.Processes;

public class ProcessLifeTests
{
    private readonly FakeWorld _world = new();

    private SupervisorEngine _engine = null!;

    private ISupervisedProcess Start(Func<ProcessConfig, ProcessConfig>? change = null)
    {
        var config = Configs.Process("p");
        _engine = _world.Start(Configs.Program(change is null ? config : change(config)));
        return _engine.FindGroup("p")!.Find("p")!;
    }

    private bool Logged(string line) => _world.Log.Lines.Contains(line);

    [Fact]
    public void Autostart_FirstTurn_SpawnsAndRunsAfterStartsecs_PSM005()
    {
        var process = Start();
        Assert.Equal(ProcessState.Starting, process.State);
        _world.Pass(_engine, 0.9);
        Assert.Equal(ProcessState.Starting, process.State);
        _world.Pass(_engine, 0.1);
        Assert.Equal(ProcessState.Running, process.State);
        Assert.True(Logged("Info success: p entered RUNNING state, process has stayed up for > than 1 seconds (startsecs)"));
        Assert.Equal("pid 100, uptime 0:00:01", process.Report().Description);
    }

    [Fact]
    public void Idle_RunningProgram_NeedsNoWakeUp()
    {
        Start();
        _world.Pass(_engine, 1);
        Assert.Null(_engine.NextWait());
    }

    [Fact]
    public void ExitWithinStartsecs_CodeZero_IsAFailedStart_PSM007()
    {
        var process = Start();
        _world.Host.Exit(100, 0);
        _world.Turn(_engine);
        Assert.Equal(ProcessState.Backoff, process.State);
        Assert.Equal("Exited too quickly (process log may have details)", process.SpawnError);
        Assert.True(Logged("Warn exited: p (exit status 0; not expected)"));
        Assert.Equal(0, process.Report().ExitStatus);
    }

    [Fact]
    public void Retries_AreSpacedAndCounted_PSM009_PSM010()
    {
        var process = Start(p => p with { StartRetries = 2 });
        foreach (var pause in new[] { 1, 2 })
        {
            _world.Host.Exit(_world.Host.LastPid, 1);
            _world.Turn(_engine);
            Assert.Equal(ProcessState.Backoff, process.State);
            _world.Pass(_engine, pause - 0.01);
            Assert.Equal(ProcessState.Backoff, process.State);
            _world.Pass(_engine, 0.01);
            Assert.Equal(ProcessState.Starting, process.State);
        }

        _world.Host.Exit(_world.Host.LastPid, 1);
        _world.Turn(_engine);
        Assert.Equal(ProcessState.Fatal, process.State);
        Assert.Equal(3, _world.Host.Spawned.Count);
        Assert.True(Logged("Info gave up: p entered FATAL state, too many start retries too quickly"));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(4, false)]
    public void ExitAfterStartsecs_ByCode_IsExpectedOrNot_PSM011(int code, bool expected)
    {
        var process = Start(p => p with { AutoRestart = AutoRestart.Never });
        _world.Pass(_engine, 5);
        _world.Host.Exit(100, code);
        _world.Turn(_engine);
        Assert.Equal(ProcessState.Exited, process.State);
        Assert.True(Logged(expected ? "Info exited: p (exit status 0; expected)" : "Warn exited: p (exit status 4; not expected)"));
        Assert.Equal(expected ? null : "Bad exit code 4", process.SpawnError);
        Assert.Equal(code, process.Report().ExitStatus);
    }

    [Fact]
    public void Crash_AfterAWhile_RestartsAtOnce()
    {
        var process = Start();
        _world.Pass(_engine, 60);
        _world.Host.Die(100, 9);
        _world.Turn(_engine);
        Assert.Equal(ProcessState.Starting, process.State);
        Assert.Equal(101, process.Pid);
    }

    [Fact]
    public void Crash_WithStartsecsZero_IsHeldToOnceASecond()
    {
        var process = Start(p => p with { StartSecs = 0, AutoRestart = AutoRestart.Always });
        Assert.Equal(ProcessState.Running, process.State);
        _world.Host.Exit(100, 0);
        _world.Turn(_engine);
        Assert.Equal(ProcessState.Exited, process.State);
        Assert.Equal(1, _engine.NextWait()!.Value.TotalSeconds);
        _world.Pass(_engine, 1);
        Assert.Equal(101, process.Pid);
    }

    [Fact]
    public void ExpectedExit_WithUnexpectedAutorestart_StaysDown_PSM015()
    {
        var process = Start();
        _world.Pass(_engine, 5);
        _world.Host.Exit(100, 0);
        _world.Pass(_engine, 100);
        Assert.Equal(ProcessState.Exited, process.State);
    }

    [Fact]
    public void Stop_RunningProgram_SignalsAndWaits_PSM017_PSM019()
    {
        var process = Start();
        _world.Pass(_engine, 5);
        Assert.Null(process.Stop());
        Assert.Equal(ProcessState.Stopping, process.State);
        Assert.Equal([(100, 15)], _world.Host.Signals);
        var stopped = false;
        process.WhenStopped(() => stopped = true);
        Assert.True(Logged("Info waiting for p to stop"));
        _world.Turn(_engine);
        Assert.True(stopped);
        Assert.Equal(ProcessState.Stopped, process.State);
        Assert.True(Logged("Warn stopped: p (terminated by SIGTERM)"));
        _world.Pass(_engine, 100);
        Assert.Equal(ProcessState.Stopped, process.State);
    }

    [Fact]
    public void Stop_DeafProgram_IsKilledAgainAndAgain_PSM018()
    {
        var process = Start(p => p with { StopWaitSecs = 3, KillAsGroup = true });
        _world.Pass(_engine, 5);
        _world.Host.Obedient = false;
        process.Stop();
        _world.Pass(_engine, 2.9);
        Assert.Single(_world.Host.Signals);
        _world.Pass(_engine, 0.1);
        _world.Pass(_engine, 3);
        Assert.Equal([(100, 15), (-100, 9), (-100, 9)], _world.Host.Signals);
        Assert.True(Logged("Warn killing 'p' (100) with SIGKILL"));
    }

    [Fact]
    public void Stop_AsGroup_SignalsTheGroup()
    {
        var process = Start(p => p with { StopAsGroup = true, StopSignal = 2 });
        _world.Pass(_engine, 5);
        process.Stop();
        Assert.Equal([(-100, 2)], _world.Host.Signals);
        Assert.True(Logged("Debug killing p (pid 100) process group with signal SIGINT"));
    }

    [Fact]
    public void Stop_InBackoff_KeepsTheCounter_PSM020()
    {
        var process = Start();
        _world.Host.Exit(100, 1);
        _world.Turn(_engine);
        Assert.Null(process.Stop());
        Assert.Equal(ProcessState.Stopped, process.State);
        Assert.Equal("Exited too quickly (process log may have details)", process.SpawnError);
        process.Spawn();
        _world.Host.Exit(_world.Host.LastPid, 1);
        _world.Turn(_engine);
        // The second failure, so the pause is two seconds.
        Assert.Equal(2, _engine.NextWait()!.Value.TotalSeconds);
    }

    [Fact]
    public void Stop_GoneAlready_WaitsForTheReaper_PSM022()
    {
        var process = Start();
        _world.Pass(_engine, 5);
        _world.Host.KillErrno = Posix.ESRCH;
        Assert.Null(process.Stop());
        Assert.Equal(ProcessState.Stopping, process.State);
    }

    [Fact]
    public void Stop_Refused_IsUnknownUntilItsDeath_PSM023()
    {
        var process = Start();
        _world.Pass(_engine, 5);
        _world.Host.KillErrno = Posix.EPERM;
        Assert.StartsWith("unknown problem killing p (100):Traceback", process.Stop(), StringComparison.Ordinal);
        Assert.Equal(ProcessState.Unknown, process.State);
        _world.Host.KillErrno = 0;
        _world.Host.Exit(100, 0);
        _world.Pass(_engine, 100);
        Assert.Equal(ProcessState.Exited, process.State);
        Assert.Equal(0, process.Pid);
    }

    [Fact]
    public void Spawn_WhileRunning_OnlyWarns_PSM004()
    {
        var process = Start();
        process.Spawn();
        Assert.True(Logged("Warn process 'p' already running"));
        Assert.Single(_world.Host.Spawned);
    }

    [Theory]
    [InlineData("/no/such", "can't find command '/no/such'")]
    [InlineData("/dir", "command at '/dir' is a directory")]
    [InlineData("/plain", "command at '/plain' is not executable")]
    [InlineData("/secret", "no permission to run command '/secret'")]
    [InlineData("'open", "can't parse command \"'open\": No closing quotation")]
    [InlineData("a\\", "can't parse command 'a\\\\': No escaped character")]
    [InlineData("  ", "command is empty")]
    [InlineData("nowhere", "can't find command 'nowhere'")]
    public void Spawn_BadCommand_SaysWhy_SPN002_SPN020(string command, string error)
    {
        _world.Files.Known["/dir"] = new FileStatus(true, false, 0x1ED, 0);
        _world.Files.Known["/plain"] = new FileStatus(false, true, 0x1A4, 0);
        _world.Files.Known["/secret"] = new FileStatus(false, true, 0x1ED, 0);
        _world.Files.NotForUs.Add("/secret");
        var process = Start(p => p with { Command = command });
        Assert.Equal(ProcessState.Backoff, process.State);
        Assert.Equal(error, process.SpawnError);
        Assert.True(Logged("Info spawnerr: " + error));
        Assert.Equal(0, process.Pid);
    }

    [Fact]
    public void Spawn_BareName_UsesTheProgramsPath_SPN005()
    {
        _world.Files.Known["/own/tool"] = new FileStatus(false, true, 0x1ED, 0);
        Start(p => p with { Command = "tool 'a b'", Environment = new Dictionary<string, string> { ["PATH"] = "/x:/own" } });
        var request = Assert.Single(_world.Host.Spawned);
        Assert.Equal("/own/tool", request.FileName);
        Assert.Equal(["tool", "a b"], request.Arguments);
    }

    [Fact]
    public void Spawn_Environment_LaterLayersWin_SPN028()
    {
        Start(p => p with { Environment = new Dictionary<string, string> { ["HOME"] = "/p", ["SUPERVISOR_ENABLED"] = "no" } });
        var environment = Assert.Single(_world.Host.Spawned).Environment;
        Assert.Equal("/p", environment["HOME"]);
        Assert.Equal("no", environment["SUPERVISOR_ENABLED"]);
        Assert.Equal("p", environment["SUPERVISOR_PROCESS_NAME"]);
        Assert.Equal("p", environment["SUPERVISOR_GROUP_NAME"]);
        Assert.Equal("unix:///s.sock", environment["SUPERVISOR_SERVER_URL"]);
    }

    [Fact]
    public void Compose_SecretOfTheDaemon_IsInheritedOnlyByName()
    {
        var daemon = new Dictionary<string, string> { ["SECRET"] = "s", ["PATH"] = "/bin" };
        IReadOnlyDictionary<string, string> Environment(Dictionary<string, string> configured) =>
            ChildEnvironment.Compose(daemon, new HashSet<string> { "SECRET", "OTHER" }, null, "p", "g", configured);
        Assert.False(Environment([]).ContainsKey("SECRET"));
        Assert.Equal("/bin", Environment([])["PATH"]);
        Assert.Equal("s", Environment(new() { ["SECRET"] = "s" })["SECRET"]);
        Assert.Equal("s", daemon["SECRET"]);
    }

    [Theory]
    [InlineData(SpawnStage.Pipes, Posix.EMFILE, "too many open files to spawn 'p'")]
    [InlineData(SpawnStage.Pipes, Posix.EACCES, "unknown error making dispatchers for 'p': EACCES")]
    [InlineData(SpawnStage.Fork, Posix.EAGAIN, "Too many processes in process table to spawn 'p'")]
    [InlineData(SpawnStage.Fork, Posix.ENOMEM, "unknown error during fork for 'p': ENOMEM")]
    public void Spawn_RefusedByTheKernel_IsASpawnError_SPN021_SPN022(SpawnStage stage, int errno, string error)
    {
        _world.Host.Answers.Enqueue(new SpawnResult { Stage = stage, Errno = errno });
        var process = Start();
        Assert.Equal(ProcessState.Backoff, process.State);
        Assert.Equal(error, process.SpawnError);
    }

    [Fact]
    public void Spawn_LogCannotBeOpened_IsASpawnError_LOG007()
    {
        _world.Sinks.Errno = Posix.EISDIR;
        Assert.Equal("unknown error making dispatchers for 'p': EISDIR", Start().SpawnError);
    }

    [Fact]
    public void Output_BeforeTheExit_IsReadBeforeTheExitIsTold_PSM034()
    {
        Start();
        _world.Host.Pipes[100].Stdout.Put("last words");
        _world.Host.Exit(100, 1);
        _world.Turn(_engine);
        var sink = _world.Sinks.Made[0].Sink;
        Assert.Equal(["last words"], sink.Chunks);
        Assert.True(sink.Closed);
        Assert.True(_world.Host.Pipes[100].Stdout.Closed);
        Assert.Empty(_world.Poller.Watched);
    }

    [Fact]
    public void Output_EndOfFile_StopsWatchingOnly_LOG032()
    {
        var process = Start();
        _world.Host.Pipes[100].Stdout.AtEnd = true;
        _world.Poller.Readable(1001);
        Assert.DoesNotContain(1001, _world.Poller.Watched.Keys);
        Assert.Equal(ProcessState.Starting, process.State);
        Assert.Contains(_world.Log.Lines, l => l.StartsWith("Debug fd 1001 closed, stopped monitoring <POutputDispatcher", StringComparison.Ordinal));
    }

    [Fact]
    public void Stdin_FullPipe_IsQueuedInOrder_QRK035()
    {
        var process = Start();
        var pipe = _world.Host.Pipes[100].Stdin!;
        pipe.Room = 3;
        Assert.Equal(StdinOutcome.Queued, process.WriteStdin("abcdef"u8.ToArray()));
        Assert.Equal(StdinOutcome.Queued, process.WriteStdin("ghi"u8.ToArray()));
        pipe.Room = 4;
        _world.Poller.Writable(1000);
        pipe.Room = 100;
        _world.Poller.Writable(1000);
        Assert.Equal("abcdefghi", pipe.WrittenText);
        Assert.DoesNotContain(1000, _world.Poller.Watched.Keys);
    }

    [Fact]
    public void Stdin_ProgramThatDoesNotRead_HasALimit()
    {
        var process = Start();
        var pipe = _world.Host.Pipes[100].Stdin!;
        pipe.Room = 0;
        var text = new byte[300_000];
        // The first may be as long as it likes; what waits behind it may not.
        Assert.Equal(StdinOutcome.Queued, process.WriteStdin(text));
        Assert.Equal(StdinOutcome.Queued, process.WriteStdin(text));
        Assert.Equal(StdinOutcome.Queued, process.WriteStdin(text));
        Assert.Equal(StdinOutcome.Full, process.WriteStdin(text));
        Assert.Equal(StdinOutcome.Full, process.WriteStdin(text));
        Assert.Single(_world.Log.Lines, l => l.StartsWith("Warn ", StringComparison.Ordinal) && l.Contains("does not read its stdin", StringComparison.Ordinal));

        pipe.Room = int.MaxValue;
        for (var turns = 0; _world.Poller.Watched.ContainsKey(1000); turns++)
        {
            Assert.True(turns < 10);
            _world.Poller.Writable(1000);
        }

        Assert.Equal(900_000, pipe.Written.Count);
        pipe.Room = 0;
        Assert.Equal(StdinOutcome.Queued, process.WriteStdin(new byte[5_000_000]));
        Assert.Equal(StdinOutcome.Full, process.WriteStdin(text));
        Assert.Equal(2, _world.Log.Lines.Count(l => l.Contains("does not read its stdin", StringComparison.Ordinal)));
    }

    [Fact]
    public void Stdin_ManyPieces_AreWrittenInOrderAShareAtATime()
    {
        var process = Start();
        var pipe = _world.Host.Pipes[100].Stdin!;
        pipe.Room = 0;
        var sent = Enumerable.Range(0, 1000).Select(i => System.Text.Encoding.ASCII.GetBytes($"{i:D4}" + new string('x', 996))).ToArray();
        Assert.All(sent, text => Assert.Equal(StdinOutcome.Queued, process.WriteStdin(text)));
        pipe.Room = int.MaxValue;
        _world.Poller.Writable(1000);
        Assert.InRange(pipe.Written.Count, 1, 300_000);
        while (_world.Poller.Watched.ContainsKey(1000))
        {
            _world.Poller.Writable(1000);
        }

        Assert.Equal(sent.SelectMany(t => t), pipe.Written);
    }

    [Fact]
    public void Stdin_NobodyReads_IsNoPipe()
    {
        var process = Start();
        _world.Host.Pipes[100].Stdin!.Broken = true;
        Assert.Equal(StdinOutcome.NoPipe, process.WriteStdin("x"u8.ToArray()));
        _world.Pass(_engine, 5);
        process.Stop();
        Assert.Equal(StdinOutcome.NotRunning, process.WriteStdin("x"u8.ToArray()));
    }

    [Fact]
    public void WhenStarted_QuickExit_IsASpawnError_RPC046()
    {
        var process = Start(p => p with { AutoStart = false });
        process.Spawn();
        StartOutcome? outcome = null;
        process.WhenStarted(o => outcome = o);
        Assert.Null(outcome);
        _world.Host.Exit(_world.Host.LastPid, 0);
        _world.Turn(_engine);
        Assert.Equal(StartOutcome.SpawnError, outcome);
    }

    [Fact]
    public void WhenStarted_Stopped_IsAbnormalTermination()
    {
        var process = Start();
        StartOutcome? outcome = null;
        process.WhenStarted(o => outcome = o);
        process.Stop();
        Assert.Equal(StartOutcome.AbnormalTermination, outcome);
    }

    [Fact]
    public void Description_NeverStarted_SaysSo_PSM028()
    {
        var process = Start(p => p with { AutoStart = false });
        Assert.Equal("Not started", process.Report().Description);
        Assert.Equal(0, process.Report().Start);
    }
}
