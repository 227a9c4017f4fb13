namespace Supervisor.Core.Ports;

/// <summary>An event-loop thread on which asynchronous work continues, so that it needs no locks.</summary>
public interface IEventLoopScheduler
{
    /// <summary>The caller is on it.</summary>
    bool IsCurrent { get; }

    /// <summary>Runs <paramref name="continuation"/> there, after what was posted before. Any thread. It must not throw.</summary>
    void Post(Action continuation);
}
