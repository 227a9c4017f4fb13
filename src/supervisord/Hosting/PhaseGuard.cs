using Supervisor.Core.Engine;

namespace Supervisor.Daemon.Hosting;

/// <summary>Runs the phases of a turn: an exception that the engine did not contain is reported, and the next phase runs all the same.</summary>
internal sealed class PhaseGuard(FaultLog faults)
{
    /// <summary>Whether a phase has thrown since <see cref="TakeFailed"/> asked last.</summary>
    private bool _failed;

    /// <summary>Runs it to its end or to its first exception; false then. Does not throw.</summary>
    public bool Run<T>(string name, T subject, Action<T> phase)
    {
        try
        {
            phase(subject);
            return true;
        }
        catch (Exception e)
        {
            _failed = true;
            faults.Report(name, e);
            return false;
        }
    }

    /// <summary>Whether a phase has thrown since the last call.</summary>
    public bool TakeFailed()
    {
        var failed = _failed;
        _failed = false;
        return failed;
    }
}
