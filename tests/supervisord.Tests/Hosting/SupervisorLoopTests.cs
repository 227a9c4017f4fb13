using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Engine;
using Supervisor.Core.Processes;
using Supervisor.Daemon.Hosting;
using Supervisor.Testing.Engine;
using Supervisor.Unix;

namespace Supervisor.Daemon.Tests.Hosting;

/// <summary>The real loop, poller, mailbox and engine together, with children that exist on paper and ports that throw.</summary>
public sealed class SupervisorLoopTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly FakeWorld _world = new();
    private readonly EpollPoller _poller = new() { LoopLock = new Lock() };
    private readonly ChildWaiter _children;
    private readonly LoopDispatcher _mailbox;
    private Thread? _thread;
    private int _turns;

    public SupervisorLoopTests()
    {
        _children = new ChildWaiter(_poller.Wake);
        _mailbox = new LoopDispatcher(_poller.Wake, _poller.LoopLock!);
    }

    public void Dispose()
    {
        _children.Dispose();
        _poller.Dispose();
    }

    private async Task<SupervisorEngine> StartAsync(params GroupConfig[] groups)
    {
        // The fake descriptors mean nothing to the real poller, so the fake one watches them.
        var engine = new SupervisorEngine(Configs.Daemon(groups), _world.Ports());
        engine.CreateGroups();
        engine.Start();
        _thread = new Thread(() =>
        {
            lock (_poller.LoopLock!)
            {
                new SupervisorLoop(engine, _poller, _mailbox, _children, NoSignal).Run();
                _mailbox.Close();
            }
        });
        _thread.Start();
        using var limit = new CancellationTokenSource(s_limit);
        // A call may come before the phase that starts programs.
        while ((await StatesAsync()).Any(p => p.State == ProcessState.Stopped))
        {
            limit.Token.ThrowIfCancellationRequested();
        }

        return engine;
    }

    private Task<List<(ProcessState State, int Pid)>> StatesAsync() =>
        _mailbox.InvokeAsync(s => s.Groups.SelectMany(g => g.Processes).Select(p => (p.State, p.Pid)).ToList()).WaitAsync(s_limit);

    // Asked once a turn.
    private bool NoSignal(out int signal)
    {
        _turns++;
        signal = 0;
        return false;
    }

    private async Task ShutDownAsync()
    {
        await _mailbox.InvokeAsync(s =>
        {
            _world.Before = _ => { };
            s.Shutdown();
            return true;
        }).WaitAsync(s_limit);
        Assert.True(_thread!.Join(s_limit), "the shutdown does not end");
    }

    [Fact]
    public async Task Run_SpawnThrows_NoProcessIsLeftWithoutPidAndTheEndComes()
    {
        _world.Before = call => _ = call == "host.spawn" ? throw new OutOfMemoryException() : 0;
        await StartAsync(Configs.Program(Configs.Process("p")), Configs.Program(Configs.Process("q")));
        Assert.Equal([(ProcessState.Backoff, 0), (ProcessState.Backoff, 0)], await StatesAsync());
        await ShutDownAsync();
    }

    [Fact]
    public async Task Run_FinishThrows_OthersAreReapedInTheSameTurnAndTheEndComes()
    {
        await StartAsync(Configs.Program(Configs.Process("p") with { StartSecs = 0 }), Configs.Program(Configs.Process("q") with { StartSecs = 0 }));
        var pids = await _mailbox.InvokeAsync(s =>
        {
            _world.Before = call => _ = call is "sink.close" or "pipe.close" or "poller.unwatch" ? throw new InvalidOperationException("injected") : 0;
            _world.Host.Exit(100, 0);
            _world.Host.Exit(101, 0);
            s.ReapNow();
            return s.Groups.SelectMany(g => g.Processes).Select(p => (p.State, p.Pid)).ToList();
        }).WaitAsync(s_limit);
        Assert.Equal([(ProcessState.Exited, 0), (ProcessState.Exited, 0)], pids);
        await ShutDownAsync();
    }

    [Fact]
    public async Task Run_ErrorInEveryTurn_DoesNotSpinAndCallsAreAnswered()
    {
        // A wall clock that cannot be read: the ticks and the next deadline throw in every turn.
        var engine = await StartAsync(Configs.Program(Configs.Process("p") with { StartSecs = 0 }));
        await _mailbox.InvokeAsync(_ => _world.WallSkew = TimeSpan.MaxValue).WaitAsync(s_limit);
        var before = _turns;
        for (var i = 0; i < 5; i++)
        {
            await _mailbox.InvokeAsync(s => s.State).WaitAsync(s_limit);
        }

        // One turn for each call, and what is left of the one before; a loop that spins has thousands by now.
        Assert.InRange(_turns - before, 1, 100);
        Assert.Contains(_world.Log.Lines, l => l.StartsWith("Critical unexpected error", StringComparison.Ordinal));
        await _mailbox.InvokeAsync(_ => _world.WallSkew = TimeSpan.Zero).WaitAsync(s_limit);
        Assert.Equal(SupervisorState.Running, engine.State);
        await ShutDownAsync();
    }
}
