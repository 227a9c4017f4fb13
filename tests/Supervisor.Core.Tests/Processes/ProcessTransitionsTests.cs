using Supervisor.Core.Processes;

namespace Supervisor.Core.Tests.Processes;

public class ProcessTransitionsTests
{
    /// <summary>Every pair of state and trigger, written down a second time: a change of the table must be meant.</summary>
    [Fact]
    public void Table_EveryPair_AsWrittenHere()
    {
        var expected = """
            Stopped: Spawn>Starting
            Starting: StartFailed>Backoff StayedUp>Running StopRequested>Stopping SignalRefused>Unknown
            Running: Exited>Exited StopRequested>Stopping SignalRefused>Unknown
            Backoff: Spawn>Starting GaveUp>Fatal StopRequested>Stopped
            Stopping: StopRequested>Stopping Stopped>Stopped SignalRefused>Unknown
            Exited: Spawn>Starting StopRequested>Stopped
            Fatal: Spawn>Starting
            Unknown: Exited>Exited
            """;
        var lines = Enum.GetValues<ProcessState>().Select(state =>
        {
            var rows = Enum.GetValues<ProcessTrigger>()
                .Select(t => (Trigger: t, Next: ProcessTransitions.Next(state, t)))
                .Where(x => x.Next is not null)
                .Select(x => $"{x.Trigger}>{x.Next}");
            return $"{state}: {string.Join(' ', rows)}";
        });
        Assert.Equal(expected.ReplaceLineEndings("\n"), string.Join('\n', lines));
    }

    /// <summary>Whatever a process with a child was doing, the end of the child leads to a state that needs none.</summary>
    [Theory]
    [InlineData(ProcessState.Starting, ProcessTrigger.StartFailed)]
    [InlineData(ProcessState.Running, ProcessTrigger.Exited)]
    [InlineData(ProcessState.Stopping, ProcessTrigger.Stopped)]
    [InlineData(ProcessState.Unknown, ProcessTrigger.Exited)]
    public void ChildGone_AnyStateWithAChild_LeadsToOneWithout(ProcessState state, ProcessTrigger trigger) =>
        Assert.Contains(ProcessTransitions.Next(state, trigger), new ProcessState?[] { ProcessState.Backoff, ProcessState.Exited, ProcessState.Stopped });
}
