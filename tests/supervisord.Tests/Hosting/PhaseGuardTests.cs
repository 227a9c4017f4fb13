using Supervisor.Core.Engine;
using Supervisor.Daemon.Hosting;
using Supervisor.Testing.Engine;

namespace Supervisor.Daemon.Tests.Hosting;

public sealed class PhaseGuardTests
{
    private readonly RecordingLog _log = new();

    [Fact]
    public void Run_PhaseThrows_IsReportedWithItsOriginAndTheNextRuns()
    {
        var guard = new PhaseGuard(new FaultLog(_log, TimeProvider.System));
        var done = new List<int>();
        Assert.True(guard.Run("a phase", done, d => d.Add(1)));
        Assert.False(guard.TakeFailed());
        Assert.False(guard.Run("a phase", done, _ => throw new InvalidOperationException("nobody foresaw this")));
        Assert.True(guard.Run("a phase", done, d => d.Add(2)));
        Assert.Equal([1, 2], done);
        Assert.True(guard.TakeFailed());
        Assert.False(guard.TakeFailed());
        var line = Assert.Single(_log.Lines);
        Assert.StartsWith(
            "Critical unexpected error in a phase, supervision continues: System.InvalidOperationException: nobody foresaw this", line,
            StringComparison.Ordinal);
        Assert.Contains(nameof(Run_PhaseThrows_IsReportedWithItsOriginAndTheNextRuns), line, StringComparison.Ordinal);
    }
}
