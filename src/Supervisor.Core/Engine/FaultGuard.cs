namespace Supervisor.Core.Engine;

/// <summary>
/// Runs the steps of a turn one by one, each for one process or group, so that an exception costs that step only and not the turn of the others.
/// </summary>
internal sealed class FaultGuard(FaultLog log)
{
    /// <summary>How long a process, group or descriptor is left alone after an exception: one that returns must not make the loop spin.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <summary>Runs it to its end or to its first exception, which is reported; false then. Does not throw.</summary>
    /// <param name="subject">Whose step it is, for the report as well.</param>
    /// <param name="what">The step, e.g. <c>the transition</c>.</param>
    /// <param name="step">The step; static, since it runs in every turn.</param>
    public bool Run<T>(T subject, string what, Action<T> step)
    {
        try
        {
            step(subject);
            return true;
        }
        catch (Exception e)
        {
            Report(subject, what, e);
            return false;
        }
    }

    /// <summary>Reports an exception that was caught elsewhere.</summary>
    public void Report<T>(T subject, string what, Exception e)
    {
        string where;
        try
        {
            where = $"{what} of {subject}";
        }
        catch (OutOfMemoryException)
        {
            where = what;
        }

        log.Report(where, e);
    }
}
