using Supervisor.Core.Ports;

namespace Supervisor.Daemon.Hosting;

/// <summary>
/// No fault that the code below does not know may end the daemon and leave all programs to nobody: it is told, and the next phase of the loop
/// goes on.
/// </summary>
/// <param name="log">Hears of it at level CRIT, with the stack.</param>
/// <param name="pace">Pause after an error: one that comes back with every turn must not become a busy loop.</param>
internal sealed class PhaseGuard(IActivityLog log, TimeSpan pace)
{
    /// <summary>Runs it to its end or to its first exception; does not throw.</summary>
    public void Run<T>(T subject, Action<T> phase)
    {
        try
        {
            phase(subject);
        }
        catch (Exception e)
        {
            log.Critical($"unexpected error, supervision goes on: {e}");
            Thread.Sleep(pace);
        }
    }
}
