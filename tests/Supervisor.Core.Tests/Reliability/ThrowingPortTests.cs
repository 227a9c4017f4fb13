using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Engine;
using Supervisor.Core.Events;
using Supervisor.Core.Ports;
using Supervisor.Core.Processes;
using Supervisor.Testing.Engine;

namespace Supervisor.Core.Tests.Reliability;

/// <summary>
/// Exceptions that no code expects, of every type, at every single call that the engine makes of its ports while a program starts, ends or is
/// stopped: no process is left in a state that needs a child without having one, nothing leaks, and the others are served.
/// </summary>
public class ThrowingPortTests
{
    private static readonly Func<Exception>[] s_exceptions =
    [
        () => new PosixException(Posix.ENOMEM), () => new PosixException(Posix.EMFILE), () => new PosixException(Posix.EAGAIN),
        () => new PosixException(Posix.EIO), () => new OutOfMemoryException(), () => new InvalidOperationException("injected"),
        () => new IOException("injected"), () => new NullReferenceException(), () => new FcgiSocketException("injected"),
        () => new UnauthorizedAccessException(), () => new ArgumentException("injected"), () => new TimeoutException(),
    ];

    private static readonly FcgiSocketConfig s_socket = new() { Url = "unix:///f.sock" };

    public enum Kind
    {
        Program,
        Fcgi,
        Listener,
    }

    public static TheoryData<Kind, int> KindsAndExceptions
    {
        get
        {
            var data = new TheoryData<Kind, int>();
            foreach (var kind in Enum.GetValues<Kind>())
            {
                for (var i = 0; i < s_exceptions.Length; i++)
                {
                    data.Add(kind, i);
                }
            }

            return data;
        }
    }

    private static GroupConfig Subject(Kind kind, int startSeconds)
    {
        var process = Configs.Process("p") with { StartSecs = startSeconds, StartRetries = 1000, AutoRestart = AutoRestart.Always };
        return kind switch
        {
            Kind.Fcgi => new GroupConfig
            {
                Kind = GroupKind.FcgiProgram,
                Name = "p",
                Priority = 1,
                Socket = s_socket,
                Processes = [process with { Kind = ProcessKind.FcgiProgram, Socket = s_socket }],
            },
            Kind.Listener => new GroupConfig
            {
                Kind = GroupKind.EventListener,
                Name = "p",
                Priority = 1,
                Events = [EventType.Event],
                BufferSize = 10,
                Processes = [process with { Kind = ProcessKind.EventListener }],
            },
            _ => Configs.Program(process),
        };
    }

    /// <summary>A world with the subject and a canary, and a fault that strikes at one call of those that are counted while it is armed.</summary>
    private sealed class Trial
    {
        private readonly Func<Exception> _make;
        private readonly int _at;
        private bool _armed;

        public Trial(Kind kind, int startSeconds, int at, Func<Exception> make)
        {
            (_at, _make) = (at, make);
            World.Before = Count;
            // The subject first: what it throws must not cost the canary its turn.
            Engine = World.Start(Subject(kind, startSeconds), Configs.Group("canary", 999, Configs.Process("canary") with { StartSecs = 0 }));
            Process = Engine.FindGroup("p")!.Find("p")!;
            Canary = Engine.FindGroup("canary")!.Find("canary")!;
        }

        public FakeWorld World { get; } = new();

        public SupervisorEngine Engine { get; }

        public ISupervisedProcess Process { get; }

        public ISupervisedProcess Canary { get; }

        public int Calls { get; private set; }

        public string? Struck { get; private set; }

        public void Armed(Action act)
        {
            _armed = true;
            act();
            _armed = false;
        }

        private void Count(string call)
        {
            if (_armed && Calls++ == _at)
            {
                Struck = call;
                throw _make();
            }
        }

        public void AssertLaws()
        {
            foreach (var process in (ISupervisedProcess[])[Process, Canary])
            {
                Assert.True(
                    process.Pid != 0 == process.State is ProcessState.Starting or ProcessState.Running or ProcessState.Stopping or ProcessState.Unknown,
                    $"{process.State} with pid {process.Pid} after {Struck}");
            }

            Assert.NotEqual(TimeSpan.Zero, Engine.NextWait());
            var living = new[] { Process.Pid, Canary.Pid }.Where(p => p != 0).ToHashSet();
            Assert.All(World.Host.Pipes.Where(p => !living.Contains(p.Key)), p => Assert.True(
                p.Value.Stdout.Closed && p.Value.Stderr is not { Closed: false } && p.Value.Stdin is not { Closed: false }, $"leaks a pipe after {Struck}"));
            Assert.All(World.Poller.Watched.Keys, descriptor => Assert.Contains(descriptor / 10, living));
            Assert.True(World.Sinks.Made.Count(s => !s.Sink.Closed) <= 2 * living.Count, $"leaks a log after {Struck}");
            Assert.True(World.Sockets.Open.Count <= (Process.Pid != 0 ? 1 : 0), $"leaks a socket after {Struck}");
        }

        /// <summary>The fault is over: it runs again, and everything ends when asked to.</summary>
        public void AssertRecovers()
        {
            if (Process.State is ProcessState.Unknown)
            {
                World.Host.Die(Process.Pid, 9);
            }

            for (var i = 0; i < 20 && !(Process.State == ProcessState.Running && Canary.State == ProcessState.Running); i++)
            {
                World.Pass(Engine, 2);
                AssertLaws();
                if (Process.State is ProcessState.Stopped or ProcessState.Exited or ProcessState.Fatal)
                {
                    Process.Spawn();
                }
            }

            Assert.Equal(ProcessState.Running, Process.State);
            Assert.Equal(ProcessState.Running, Canary.State);
            AssertLaws();
            Engine.Shutdown();
            for (var i = 0; i < 20 && !Engine.Ended; i++)
            {
                World.Pass(Engine, 1);
            }

            Assert.True(Engine.Ended, $"the shutdown does not end after {Struck}");
            Assert.Equal(0, Process.Pid);
            Assert.All(World.Sinks.Made, s => Assert.True(s.Sink.Closed));
            Assert.Empty(World.Sockets.Open);
            Assert.Empty(World.Poller.Watched);
        }
    }

    private static void EveryCall(Kind kind, int exception, int startSeconds, Action<Trial> prepare, Action<Trial> act, int atLeast)
    {
        for (var at = 0; ; at++)
        {
            var trial = new Trial(kind, startSeconds, at, s_exceptions[exception]);
            prepare(trial);
            trial.Armed(() => act(trial));
            if (trial.Struck is null)
            {
                Assert.InRange(at, atLeast, 100);
                return;
            }

            trial.World.Turn(trial.Engine);
            trial.AssertLaws();
            // One of the two was hit; the other was served in the same turn.
            Assert.True(trial.Canary.State == ProcessState.Running || trial.Process.State == ProcessState.Running, $"both are down after {trial.Struck}");
            trial.AssertRecovers();
        }
    }

    [Theory]
    [MemberData(nameof(KindsAndExceptions))]
    public void Spawn_AnyCallThrows_IsAFailedStartOrARunningProgram(Kind kind, int exception) =>
        EveryCall(
            kind, exception, startSeconds: 5,
            t =>
            {
                t.World.Host.Exit(t.Process.Pid, 1);
                t.World.Turn(t.Engine);
                Assert.Equal(ProcessState.Backoff, t.Process.State);
            },
            t =>
            {
                t.Process.Spawn();
                Assert.True(t.Process.Pid != 0 || t.Process.State == ProcessState.Backoff);
                Assert.True(t.Process.State == ProcessState.Starting || t.Process.SpawnError is { Length: > 0 });
            },
            atLeast: 8);

    [Theory]
    [MemberData(nameof(KindsAndExceptions))]
    public void Turn_AnyCallThrowsWhileAProgramIsStartedAgain_OthersAreServed(Kind kind, int exception) =>
        EveryCall(
            kind, exception, startSeconds: 0,
            t =>
            {
                t.World.Pass(t.Engine, 5);
                t.World.Host.Exit(t.Process.Pid, 1);
                t.World.Host.Exit(t.Canary.Pid, 1);
            },
            t => t.World.Turn(t.Engine),
            atLeast: 20);

    [Theory]
    [MemberData(nameof(KindsAndExceptions))]
    public void Stop_AnyCallThrows_ItEndsAllTheSame(Kind kind, int exception) =>
        EveryCall(
            kind, exception, startSeconds: 0,
            t => t.World.Pass(t.Engine, 5),
            t =>
            {
                t.Process.Stop();
                t.World.Turn(t.Engine);
            },
            atLeast: 6);

    [Fact]
    public void Spawn_OutOfMemory_IsEnomemAndRetriedAndFatalInTheEnd()
    {
        var world = new FakeWorld();
        world.Before = call => _ = call == "host.spawn" ? throw new OutOfMemoryException() : 0;
        var engine = world.Start(Configs.Program(Configs.Process("p") with { StartRetries = 2 }));
        var process = engine.FindGroup("p")!.Find("p")!;
        Assert.Equal(ProcessState.Backoff, process.State);
        Assert.Equal("unknown error during fork for 'p': ENOMEM", process.SpawnError);
        for (var i = 0; i < 5; i++)
        {
            world.Pass(engine, 2);
        }

        Assert.Equal(ProcessState.Fatal, process.State);
        Assert.Equal("unknown error during fork for 'p': ENOMEM", process.Report().Description);
        Assert.Equal(3, world.Log.Lines.Count(l => l.StartsWith("Info spawnerr:", StringComparison.Ordinal)));
        Assert.Single(world.Log.Lines, l => l.StartsWith("Critical unexpected error in the start of process p:p, supervision continues: System.OutOfMemory", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void Spawn_ChildThatCannotBeTakenOver_IsKilledUntilItIsReaped(int startSeconds)
    {
        var world = new FakeWorld();
        world.Host.Obedient = false;
        var watches = 0;
        world.Before = call => _ = call == "poller.watch" && watches++ == 1 ? throw new InvalidOperationException("injected") : 0;
        var engine = world.Start(Configs.Program(Configs.Process("p") with { StartSecs = startSeconds }));
        var process = engine.FindGroup("p")!.Find("p")!;
        world.Pass(engine, 10);
        world.Pass(engine, 1);
        Assert.Equal([(-100, 9), (-100, 9), (-100, 9)], world.Host.Signals);
        Assert.Equal(ProcessState.Starting, process.State);
        Assert.Equal("cannot watch the output of 'p': injected", process.SpawnError);
        world.Host.Die(100, 9);
        world.Turn(engine);
        Assert.Equal(ProcessState.Backoff, process.State);
        Assert.Equal("cannot watch the output of 'p': injected", process.Report().Description);
        world.Pass(engine, 1);
        Assert.Equal(101, process.Pid);
    }

    [Fact]
    public void Handler_Throws_IsReportedOnceAndItsDescriptorRests()
    {
        var world = new FakeWorld();
        world.Before = _ => { };
        var engine = world.Start(Configs.Program(Configs.Process("p") with { StartSecs = 0 }));
        var pipe = world.Host.Pipes[100].Stdout;
        pipe.Put("lost");
        pipe.Put("kept");
        world.Before = call => _ = call == "sink.push" ? throw new InvalidOperationException("injected") : 0;
        world.Poller.Readable(pipe.Descriptor);
        Assert.Equal(PollInterest.None, world.Poller.Watched[pipe.Descriptor].Interest);
        Assert.Contains(world.Log.Lines, l => l.StartsWith("Critical unexpected error in the handler of", StringComparison.Ordinal));

        world.Before = _ => { };
        Assert.Equal(TimeSpan.FromSeconds(1), engine.NextWait());
        world.Pass(engine, 1);
        Assert.Equal(PollInterest.Read, world.Poller.Watched[pipe.Descriptor].Interest);
        world.Poller.Readable(pipe.Descriptor);
        Assert.Equal(["kept"], world.Sinks.Made[0].Sink.Chunks);
    }

    [Fact]
    public void Waiters_OneThrows_OthersAreAnswered()
    {
        var world = new FakeWorld { Before = _ => { } };
        var engine = world.Start(Configs.Program(Configs.Process("p")));
        var process = engine.FindGroup("p")!.Find("p")!;
        var answers = new List<string>();
        process.WhenStarted(_ => throw new InvalidOperationException("injected"));
        process.WhenStarted(outcome => answers.Add(outcome.ToString()));
        world.Pass(engine, 2);
        process.Stop();
        process.WhenStopped(() => throw new InvalidOperationException("injected"));
        process.WhenStopped(() => answers.Add("stopped"));
        world.Turn(engine);
        Assert.Equal(["Running", "stopped"], answers);
        Assert.Equal(0, process.Pid);
    }

    [Fact]
    public void Watchers_OneThrows_OthersAndListenersAndWaitersAreServed()
    {
        var world = new FakeWorld { Before = _ => { } };
        var engine = world.Start(Configs.Program(Configs.Process("p")));
        var seen = new List<string>();
        engine.Watch([EventType.ProcessState], _ => throw new InvalidOperationException("injected"));
        engine.Watch([EventType.ProcessState], notice => seen.Add(notice.Type.ToString()));
        var process = engine.FindGroup("p")!.Find("p")!;
        var answered = false;
        process.WhenStarted(_ => answered = true);
        world.Pass(engine, 2);
        Assert.True(answered);
        Assert.Equal(ProcessState.Running, process.State);
        Assert.Single(seen);
    }

    [Fact]
    public void Log_Fails_IsCountedAndSaidWhenItWritesAgain()
    {
        var world = new FakeWorld { Before = call => _ = call == "log.write" ? throw new IOException("injected") : 0 };
        var engine = world.Start(Configs.Program(Configs.Process("p") with { StartSecs = 0 }));
        Assert.Equal(ProcessState.Running, engine.FindGroup("p")!.Find("p")!.State);
        Assert.Empty(world.Log.Lines);
        world.Before = _ => { };
        engine.Log(LogLevel.Info, "again");
        Assert.Equal(["Info again", "Critical 2 messages could not be written to this log"], world.Log.Lines);
    }

    [Fact]
    public void Report_SameErrorManyTimes_OnceInFullThenCounted()
    {
        var world = new FakeWorld();
        var faults = new FaultLog(world.Log, world.Time);
        for (var i = 0; i < 100; i++)
        {
            faults.Report("a turn", new InvalidOperationException("injected"));
            world.Time.Advance(TimeSpan.FromSeconds(1));
        }

        faults.Report("a turn", new IOException("another kind"));
        Assert.Equal(3, world.Log.Lines.Count);
        Assert.StartsWith("Critical unexpected error in a turn, supervision continues: System.InvalidOperationException: injected", world.Log.Lines[0], StringComparison.Ordinal);
        Assert.Equal("Critical unexpected error in a turn, 60 more since the last report: System.InvalidOperationException: injected", world.Log.Lines[1]);
        Assert.Contains("another kind", world.Log.Lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Shutdown_StopThatThrows_EndsAllTheSame()
    {
        var world = new FakeWorld();
        world.Before = call => _ = call == "host.kill" ? throw new InvalidOperationException("injected") : 0;
        var engine = world.Start(Configs.Program(Configs.Process("p") with { StartSecs = 0 }), Configs.Program(Configs.Process("q") with { StartSecs = 0 }));
        engine.Shutdown();
        world.Turn(engine);
        Assert.True(engine.Ended);
        Assert.Equal(2, world.Log.Lines.Count(l => l.StartsWith("Critical unknown problem killing", StringComparison.Ordinal)));
    }
}
