namespace Supervisor.Core.Processes;

/// <summary>Process states with Python Supervisor's codes (PSM-001).</summary>
public enum ProcessState
{
    Stopped = 0,
    Starting = 10,
    Running = 20,
    Backoff = 30,
    Stopping = 40,
    Exited = 100,
    Fatal = 200,
    Unknown = 1000,
}

/// <summary>The three sets that RPC preconditions are phrased in (PSM-001).</summary>
public static class ProcessStates
{
    public static bool IsRunningSet(this ProcessState s) => s is ProcessState.Running or ProcessState.Backoff or ProcessState.Starting;

    public static bool IsStoppedSet(this ProcessState s) =>
        s is ProcessState.Stopped or ProcessState.Exited or ProcessState.Fatal or ProcessState.Unknown;

    public static bool IsSignallable(this ProcessState s) => s is ProcessState.Running or ProcessState.Starting or ProcessState.Stopping;

    /// <summary>The upper-case name used in events, RPC answers and log texts.</summary>
    public static string WireName(this ProcessState s) => s switch
    {
        ProcessState.Stopped => "STOPPED",
        ProcessState.Starting => "STARTING",
        ProcessState.Running => "RUNNING",
        ProcessState.Backoff => "BACKOFF",
        ProcessState.Stopping => "STOPPING",
        ProcessState.Exited => "EXITED",
        ProcessState.Fatal => "FATAL",
        ProcessState.Unknown => "UNKNOWN",
        _ => throw new ArgumentOutOfRangeException(nameof(s)),
    };
}
