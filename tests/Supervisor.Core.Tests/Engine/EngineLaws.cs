using CsCheck;
using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Engine;
using Supervisor.Core.Ports;
using Supervisor.Core.Processes;
using Supervisor.Testing.Engine;

namespace Supervisor.Core.Tests.Engine;

/// <summary>
/// What holds whatever happens: random sequences of commands, exits, signals, waits and clock jumps are played against the engine, and after
/// each step the laws of the process states are checked against a model that knows only which children are alive.
/// </summary>
public class EngineLaws
{
    private enum Act
    {
        Start,
        Stop,
        Exit,
        Crash,
        Pass,
        Obey,
        Signal,
        LoseProgram,
        FindProgram,
        JumpBack,
        JumpAhead,
        PortThrows,
        StopGroup,
        Restart,
        Shutdown,
    }

    private static readonly double[] s_waits = [0.05, 0.4, 1, 1.5, 3, 11];

    private static readonly Gen<(Act Act, int Who, int How)[]> s_lives = Gen.Select(
        Gen.Frequency(
            (5, Gen.Const(Act.Start)), (4, Gen.Const(Act.Stop)), (6, Gen.Const(Act.Exit)), (3, Gen.Const(Act.Crash)), (10, Gen.Const(Act.Pass)),
            (5, Gen.Const(Act.Obey)), (1, Gen.Const(Act.Signal)), (1, Gen.Const(Act.LoseProgram)), (2, Gen.Const(Act.FindProgram)),
            (1, Gen.Const(Act.JumpBack)), (1, Gen.Const(Act.JumpAhead)), (1, Gen.Const(Act.StopGroup)),
            (3, Gen.Const(Act.PortThrows))),
        Gen.Int[0, 3], Gen.Int[0, 5]).Array[1, 60].SelectMany(
        steps => Gen.Bool.Select(end => ((Act, int, int)[])[.. steps, (end ? Act.Shutdown : Act.Restart, 0, 0)]));

    [Fact]
    public void AnyLife_KeepsTheLaws() => s_lives.Sample(steps => new Life().Play(steps), iter: 3000);

    private sealed class Life
    {
        private readonly FakeWorld _world = new();
        private readonly SupervisorEngine _engine;
        private readonly ISupervisedProcess[] _processes;
        private readonly Dictionary<int, string> _alive = [];
        private readonly Dictionary<string, (int Failures, TimeSpan Since, ProcessState State)> _model = [];
        private int _spawned;
        private int _signals;
        private int _waiting;
        private TimeSpan _elapsed;
        private bool _ending;
        private int _callsToTheThrow;

        public Life()
        {
            _world.Host.Obedient = false;
            _engine = _world.Start(
                Configs.Group("one", 5, Program("a") with { StartSecs = 0, StartRetries = 0 }, Program("b") with { StartSecs = 2, StartRetries = 2, StopWaitSecs = 3 }),
                Configs.Group("two", 1, Program("c") with { AutoRestart = AutoRestart.Always, StopWaitSecs = 0 }, Program("d") with { AutoStart = false, StopAsGroup = true, KillAsGroup = true }));
            _processes = [.. _engine.Groups.SelectMany(g => g.Processes).OrderBy(p => p.Config.Name)];
            Check(null);
        }

        public void Play((Act Act, int Who, int How)[] steps)
        {
            foreach (var (act, who, how) in steps)
            {
                Do(act, _processes[who], how);
                _world.Turn(_engine);
                Check(act is Act.Start ? _processes[who] : null);
            }

            // Whatever was going on: it ends, with SIGKILL if need be, and nobody waits any more.
            _ending = true;
            var before = _spawned;
            for (var i = 0; i < 100 && !_engine.Ended; i++)
            {
                Obey(all: true);
                Pass(1);
                _world.Turn(_engine);
                Check(null);
            }

            Assert.True(_engine.Ended, "the shutdown does not end");
            Assert.Equal(before, _spawned);
            Assert.Empty(_alive);
            Assert.Equal(0, _waiting);
        }

        private static ProcessConfig Program(string name) => Configs.Process(name);

        private void Do(Act act, ISupervisedProcess process, int how)
        {
            switch (act)
            {
                case Act.Start when _engine.State == SupervisorState.Running && !process.State.IsRunningSet() && process.State != ProcessState.Stopping:
                    process.Spawn();
                    process.Transition();
                    _waiting++;
                    process.WhenStarted(_ => _waiting--);
                    break;
                case Act.Stop when process.State.IsRunningSet() || process.RestartPending:
                    Assert.Null(process.Stop());
                    _waiting++;
                    process.WhenStopped(() => _waiting--);
                    break;
                case Act.StopGroup:
                    foreach (var member in process.Group.Processes.Where(p => p.State.IsRunningSet() || p.RestartPending))
                    {
                        Assert.Null(member.Stop());
                    }

                    break;
                case Act.Exit or Act.Crash:
                    foreach (var pid in _alive.Where(a => a.Value == process.Config.Name).Select(a => a.Key).ToList())
                    {
                        if (act == Act.Exit)
                        {
                            _world.Host.Exit(pid, how % 2);
                        }
                        else
                        {
                            _world.Host.Die(pid, 11);
                        }

                        _alive.Remove(pid);
                    }

                    break;
                case Act.Pass:
                    Pass(s_waits[how]);
                    break;
                case Act.Obey:
                    Obey(all: false);
                    break;
                case Act.Signal when process.Pid != 0:
                    Assert.Null(process.SendSignal(10));
                    break;
                case Act.LoseProgram:
                    _world.Files.Known.Remove("/bin/prog");
                    break;
                case Act.FindProgram:
                    _world.Files.Known["/bin/prog"] = new FileStatus(false, true, 0x1ED, 10);
                    break;
                case Act.JumpBack:
                    _world.WallSkew -= TimeSpan.FromDays(1);
                    break;
                case Act.JumpAhead:
                    _world.WallSkew += TimeSpan.FromDays(1);
                    break;
                case Act.PortThrows:
                    // Kills and reaping are not among them: the one leads to UNKNOWN, the other is seen a turn later; ThrowingPortTests has both.
                    _callsToTheThrow = how + 1;
                    _world.Before ??= call =>
                    {
                        if (_callsToTheThrow > 0 && call is not ("host.kill" or "host.reap") && --_callsToTheThrow == 0)
                        {
                            throw new InvalidOperationException("injected");
                        }
                    };
                    break;
                case Act.Shutdown:
                    _engine.Shutdown();
                    break;
                case Act.Restart:
                    _engine.Restart();
                    break;
            }
        }

        private void Pass(double seconds)
        {
            _elapsed += TimeSpan.FromSeconds(seconds);
            _world.Time.Advance(TimeSpan.FromSeconds(seconds));
        }

        // SIGKILL cannot be refused; the stop signal is obeyed by b and c only, unless all are told to.
        private void Obey(bool all)
        {
            foreach (var (target, signal) in _world.Host.Signals.Skip(_signals).ToList())
            {
                if (_alive.TryGetValue(Math.Abs(target), out var name) && (signal == 9 || (signal == 15 && (all || name is "b" or "c"))))
                {
                    _alive.Remove(Math.Abs(target));
                    _world.Host.Die(Math.Abs(target), signal);
                }
            }

            _signals = _world.Host.Signals.Count;
        }

        private void Check(ISupervisedProcess? started)
        {
            var fresh = _world.Host.Spawned.Skip(_spawned).Select(r => r.Environment["SUPERVISOR_PROCESS_NAME"]).ToList();
            foreach (var name in fresh)
            {
                // Two children of one process would be told here: the first is alive still.
                Assert.DoesNotContain(name, _alive.Values);
                _alive.Add(100 + _spawned++, name);
            }

            Assert.False(_ending && fresh.Count > 0, "started during the shutdown");
            // A signal goes to a living child, or to nobody.
            Assert.All(_world.Host.Signals.Skip(_signals), s => Assert.InRange(Math.Abs(s.Pid), 100, 99 + _spawned));
            foreach (var process in _processes)
            {
                CheckProcess(process, fresh.Contains(process.Config.Name), ReferenceEquals(process, started));
            }
        }

        private void CheckProcess(ISupervisedProcess process, bool spawned, bool byHand)
        {
            var name = process.Config.Name;
            var pid = _alive.FirstOrDefault(a => a.Value == name).Key;
            Assert.Equal(pid, process.Pid);
            Assert.Equal(pid != 0, process.State is ProcessState.Starting or ProcessState.Running or ProcessState.Stopping);
            Assert.NotEqual(ProcessState.Unknown, process.State);

            var (failures, since, last) = _model.GetValueOrDefault(name);
            if (last == ProcessState.Backoff && spawned && !byHand)
            {
                Assert.True(_elapsed >= since + TimeSpan.FromSeconds(failures), $"{name} tried again after {_elapsed - since}, not {failures} s");
            }

            if (process.State == ProcessState.Backoff && (last != ProcessState.Backoff || spawned))
            {
                (failures, since) = (failures + 1, _elapsed);
                Assert.InRange(failures, 1, process.Config.StartRetries + 1);
            }

            if (process.State is ProcessState.Running or ProcessState.Fatal)
            {
                failures = 0;
            }

            _model[name] = (failures, since, process.State);
        }
    }
}
