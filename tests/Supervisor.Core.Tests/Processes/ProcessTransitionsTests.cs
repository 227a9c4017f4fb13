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
            Exited: Spawn>Starting
            Fatal: Spawn>Starting
            Unknown: Exited>Unknown
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

    [Fact]
    public void Rows_All_AreWhatNextAnswers() =>
        Assert.All(ProcessTransitions.Rows, r => Assert.Equal(r.To, ProcessTransitions.Next(r.From, r.Trigger)));
}
