namespace Supervisor.Core.Ports;

/// <summary>A thread on which work goes on after it has waited, so that it does not meet itself on another one.</summary>
public interface IHomeThread
{
    /// <summary>The caller is on it.</summary>
    bool IsCurrent { get; }

    /// <summary>Runs <paramref name="continuation"/> there, after what was posted before. Any thread. It must not throw.</summary>
    void Post(Action continuation);
}
