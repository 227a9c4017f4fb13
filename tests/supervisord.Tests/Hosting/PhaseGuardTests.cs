using Supervisor.Daemon.Hosting;
using Supervisor.Testing.Engine;

namespace Supervisor.Daemon.Tests.Hosting;

public sealed class PhaseGuardTests
{
    private readonly RecordingLog _log = new();

    [Fact]
    public void Run_PhaseThrows_IsToldWithItsOriginAndGoesOn()
    {
        var guard = new PhaseGuard(_log, TimeSpan.Zero);
        var done = new List<int>();
        guard.Run(done, d => d.Add(1));
        guard.Run(done, _ => throw new InvalidOperationException("nobody foresaw this"));
        guard.Run(done, d => d.Add(2));
        Assert.Equal([1, 2], done);
        var line = Assert.Single(_log.Lines);
        Assert.StartsWith("Critical unexpected error, supervision goes on: System.InvalidOperationException: nobody foresaw this", line, StringComparison.Ordinal);
        Assert.Contains(nameof(Run_PhaseThrows_IsToldWithItsOriginAndGoesOn), line, StringComparison.Ordinal);
    }
}
