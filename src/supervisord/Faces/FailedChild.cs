using Supervisor.Core.Ports;
using Supervisor.Unix;

namespace Supervisor.Daemon.Hosting;

/// <summary>
/// This binary as the child that could not become its program: writes the reason to stderr and exits with 127, as Python Supervisor's
/// forked child does (SPN-026, SPN-027). The reason travels in the environment, so no command line can be mistaken for it.
/// </summary>
internal static class FailedChild
{
    private const int ExitStatus = 127;
    private const string Marker = "SUPERVISORD_SPAWN_FAILURE";

    public static SpawnRequest Request(string text) => new()
    {
        FileName = "/proc/self/exe",
        Arguments = ["supervisord"],
        Environment = new Dictionary<string, string> { [Marker] = text },
    };

    /// <summary>Exit status if this process is such a child, else null.</summary>
    public static int? TryRun()
    {
        if (Environment.GetEnvironmentVariable(Marker) is not { } text)
        {
            return null;
        }

        StandardStreams.Write(StandardStreams.Error, text);
        return ExitStatus;
    }
}
