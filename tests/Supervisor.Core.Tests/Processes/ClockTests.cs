using Supervisor.Core.Engine;
using Supervisor.Core.Processes;
using Supervisor.Testing.Engine;

namespace Supervisor.Core.Tests.Processes;

/// <summary>Somebody sets the wall clock: what is waited for comes when it would have come anyway.</summary>
public class ClockTests
{
    private readonly FakeWorld _world = new();

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Jump_OfADay_MovesNoDeadline_PSM025_PSM026_TRAP58(int days)
    {
        var engine = _world.Start(Configs.Program(Configs.Process("p") with { StopWaitSecs = 5, StartRetries = 1 }));
        var process = engine.FindGroup("p")!.Find("p")!;

        Jump(days);
        _world.Pass(engine, 0.9);
        Assert.Equal(ProcessState.Starting, process.State);
        _world.Pass(engine, 0.2);
        Assert.Equal(ProcessState.Running, process.State);

        Jump(days);
        _world.Host.Obedient = false;
        process.Stop();
        _world.Pass(engine, 4.9);
        Assert.Equal([(100, 15)], _world.Host.Signals);
        _world.Pass(engine, 0.2);
        Assert.Equal([(100, 15), (100, 9)], _world.Host.Signals);
        _world.Host.Die(100, 9);
        _world.Turn(engine);
        Assert.Equal(ProcessState.Stopped, process.State);

        process.Spawn();
        _world.Host.Exit(101, 1);
        _world.Turn(engine);
        Assert.Equal(ProcessState.Backoff, process.State);
        Jump(days);
        _world.Pass(engine, 1.1);
        Assert.Equal(ProcessState.Starting, process.State);
        Assert.DoesNotContain(_world.Log.Lines, l => l.Contains("future", StringComparison.Ordinal));
    }

    private void Jump(int days) => _world.WallSkew += TimeSpan.FromDays(days);
}
