namespace Supervisor.Core.Ports;

/// <summary>What the kernel counts of a process. Callable from any thread.</summary>
public interface IProcessUsage
{
    /// <summary>A process together with its living descendants; null when it is gone or the system does not tell.</summary>
    ProcessUsage? Read(int pid);
}

/// <param name="ResidentBytes">Memory in use, summed over the processes; pages that they share are counted for each.</param>
/// <param name="CpuTime">User and system time so far, that of ended and awaited children included.</param>
public readonly record struct ProcessUsage(long ResidentBytes, TimeSpan CpuTime);
