using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Engine;
using Supervisor.Core.Ports;
using Supervisor.Core.Processes;
using Supervisor.Testing.Engine;

namespace Supervisor.Core.Tests.Reliability;

/// <summary>Each system call of the loop fails with each error it can have: it is told, and the program is supervised again when it is over.</summary>
public class InjectedFaultTests
{
    private static readonly int[] s_errors =
        [Posix.EMFILE, Posix.ENFILE, Posix.ENOMEM, Posix.EAGAIN, Posix.EINTR, Posix.ENOSPC, Posix.EIO, Posix.EROFS, Posix.EACCES, Posix.EINVAL];

    private readonly FakeWorld _world = new();
    private SupervisorEngine _engine = null!;

    public static TheoryData<int> Errors => [.. s_errors];

    private ISupervisedProcess Start()
    {
        _engine = _world.Start(Configs.Program(Configs.Process("p") with { StartSecs = 0, StartRetries = 1000 }));
        return _engine.FindGroup("p")!.Find("p")!;
    }

    private bool Told(string text) => _world.Log.Lines.Any(line => line.Contains(text, StringComparison.Ordinal));

    private void AssertRunsInTheEnd(ISupervisedProcess process)
    {
        for (var i = 0; i < 100 && process.State != ProcessState.Running; i++)
        {
            _world.Pass(_engine, 1);
        }

        Assert.Equal(ProcessState.Running, process.State);
        Assert.Equal(_world.Host.LastPid, process.Pid);
        Assert.False(_world.Host.Pipes[process.Pid].Stdout.Closed);
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public void Spawn_Fails_IsToldAndTriedAgain(int errno)
    {
        _world.Host.Fault = call => call == "spawn" ? errno : 0;
        var process = Start();
        Assert.Equal(ProcessState.Backoff, process.State);
        Assert.True(Told("spawnerr: "));
        _world.Host.Fault = _ => 0;
        AssertRunsInTheEnd(process);
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public void LogOpen_Fails_IsToldAndTriedAgain(int errno)
    {
        _world.Sinks.Errno = errno;
        var process = Start();
        Assert.Equal(ProcessState.Backoff, process.State);
        Assert.True(Told("spawnerr: "));
        Assert.Empty(_world.Host.Spawned);
        _world.Sinks.Errno = 0;
        AssertRunsInTheEnd(process);
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public void Watch_Fails_EndsTheChildNotTheDaemon(int errno)
    {
        _world.Poller.Fault = () => errno;
        var process = Start();
        Assert.True(Told("Critical cannot watch the output of 'p' with pid 100, it is killed"));
        Assert.Contains((-100, SignalNames.Kill), _world.Host.Signals);
        _world.Poller.Fault = () => 0;
        AssertRunsInTheEnd(process);
        Assert.True(_world.Host.Pipes[100].Stdout.Closed);
        Assert.True(_world.Host.Pipes[100].Stderr!.Closed);
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public void Reap_Fails_IsToldAndTriedAgain(int errno)
    {
        var process = Start();
        _world.Pass(_engine, 5);
        _world.Host.Exit(100, 1);
        _world.Host.Fault = call => call == "reap" ? errno : 0;
        _world.Turn(_engine);
        Assert.True(Told($"Critical waitpid error {errno}; a process may not be cleaned up properly"));
        Assert.Equal(ProcessState.Running, process.State);
        _world.Host.Fault = _ => 0;
        _world.Turn(_engine);
        AssertRunsInTheEnd(process);
        Assert.Equal(101, process.Pid);
    }

    [Theory]
    [InlineData(Posix.EAGAIN)]
    [InlineData(Posix.EINTR)]
    public void Read_FailsForNow_TheChannelStaysOpen(int errno)
    {
        Start();
        var pipe = _world.Host.Pipes[100].Stdout;
        pipe.Put("later");
        _world.Host.Fault = call => call == "read" ? errno : 0;
        _world.Poller.Readable(pipe.Descriptor);
        Assert.False(pipe.Closed);
        _world.Host.Fault = _ => 0;
        _world.Poller.Readable(pipe.Descriptor);
        Assert.Equal(["later"], _world.Sinks.Made[0].Sink.Chunks);
    }

    [Theory]
    [InlineData(Posix.EIO)]
    [InlineData(Posix.ENOMEM)]
    [InlineData(Posix.EBADF)]
    public void Read_Fails_ClosesTheChannelAndSupervisionGoesOn(int errno)
    {
        var process = Start();
        _world.Host.Fault = call => call == "read" ? errno : 0;
        _world.Poller.Readable(_world.Host.Pipes[100].Stdout.Descriptor);
        Assert.True(_world.Host.Pipes[100].Stdout.Closed);
        Assert.True(Told("stopped monitoring"));
        _world.Pass(_engine, 5);
        _world.Host.Exit(100, 1);
        _world.Turn(_engine);
        AssertRunsInTheEnd(process);
        Assert.Equal(101, process.Pid);
    }

    [Theory]
    [InlineData(Posix.EPIPE)]
    [InlineData(Posix.EIO)]
    [InlineData(Posix.ENOMEM)]
    public void StdinWrite_Fails_AnswersSo(int errno)
    {
        var process = Start();
        _world.Host.Fault = call => call == "write" ? errno : 0;
        Assert.Equal(StdinOutcome.NoPipe, process.WriteStdin("text"u8.ToArray()));
        Assert.Equal(StdinOutcome.NoPipe, process.WriteStdin("text"u8.ToArray()));
    }

    [Fact]
    public void StdinWatch_Fails_AnswersSoAndIsTold()
    {
        var process = Start();
        _world.Host.Pipes[100].Stdin!.Room = 2;
        _world.Poller.Fault = () => Posix.ENOMEM;
        Assert.Equal(StdinOutcome.NoPipe, process.WriteStdin("text"u8.ToArray()));
        Assert.True(Told("Critical p: stdin cannot be written any more"));
    }

    [Theory]
    [InlineData(Posix.EPERM)]
    [InlineData(Posix.EINVAL)]
    [InlineData(Posix.EAGAIN)]
    public void Kill_Fails_IsToldAndTheChildStaysKnown(int errno)
    {
        var process = Start();
        _world.Host.Fault = call => call == "kill" ? errno : 0;
        Assert.NotNull(process.Stop());
        Assert.Equal(ProcessState.Unknown, process.State);
        Assert.True(Told("Critical unknown problem killing p (100)"));
        _world.Host.Exit(100, 0);
        _world.Turn(_engine);
        Assert.True(Told("Info exited: p (exit status 0; expected)"));
        Assert.Equal(0, process.Pid);
        Assert.Equal(ProcessState.Exited, process.State);
    }

    /// <summary>Any calls fail at any moments for a while: afterwards all programs run, and what was opened for the dead is closed.</summary>
    [Fact]
    public void AnyCalls_FailAtAnyMoment_AllRunInTheEnd()
    {
        for (var seed = 0; seed < 300; seed++)
        {
#pragma warning disable CA5394
            var random = new Random(seed);
            var world = new FakeWorld();
            var faulty = true;
            int Fault(params int[] errors) => faulty && random.Next(3) == 0 ? errors[random.Next(errors.Length)] : 0;
            world.Host.Fault = call => call switch
            {
                "spawn" => Fault(s_errors),
                "reap" => Fault(Posix.EINTR, Posix.ENOMEM, Posix.EINVAL),
                "read" => Fault(Posix.EAGAIN, Posix.EINTR, Posix.EIO),
                "write" => Fault(Posix.EAGAIN, Posix.EPIPE, Posix.EIO),
                _ => 0,
            };
            world.Poller.Fault = () => Fault(Posix.ENOMEM, Posix.ENOSPC);
            world.Sinks.Fault = () => Fault(s_errors);
            var engine = world.Start(Enumerable.Range(0, 3)
                .Select(i => Configs.Program(Configs.Process($"p{i}") with { StartSecs = i, StartRetries = 100_000, AutoRestart = AutoRestart.Always })).ToArray());
            var processes = engine.Groups.SelectMany(g => g.Processes).ToArray();
            for (var step = 0; step < 200; step++)
            {
                var process = processes[random.Next(3)];
                if (process.Pid != 0 && random.Next(3) == 0)
                {
                    world.Host.Exit(process.Pid, random.Next(2));
                }
                else if (process.Pid != 0 && world.Poller.Watched.ContainsKey(process.Pid * 10 + 1))
                {
                    world.Host.Pipes[process.Pid].Stdout.Put("output");
                    world.Poller.Readable(process.Pid * 10 + 1);
                    process.WriteStdin("input"u8.ToArray());
                }

                world.Pass(engine, random.Next(5));
            }
#pragma warning restore CA5394

            faulty = false;
            for (var i = 0; i < 1000 && processes.Any(p => p.State != ProcessState.Running); i++)
            {
                world.Pass(engine, 100);
            }

            Assert.All(processes, p => Assert.Equal(ProcessState.Running, p.State));
            var living = processes.Select(p => p.Pid).ToHashSet();
            Assert.All(world.Host.Pipes.Where(p => !living.Contains(p.Key)), p => Assert.True(p.Value.Stdout.Closed && p.Value.Stdin!.Closed));
            Assert.All(world.Poller.Watched.Keys, descriptor => Assert.Contains(descriptor / 10, living));
        }
    }
}
