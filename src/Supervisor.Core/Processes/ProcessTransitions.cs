namespace Supervisor.Core.Processes;

/// <summary>What can happen to a process, as far as its state is concerned.</summary>
public enum ProcessTrigger
{
    /// <summary>An operator, autostart, autorestart or a retry starts it.</summary>
    Spawn,
    /// <summary>It could not be spawned, or ended before <c>startsecs</c> were over.</summary>
    StartFailed,
    /// <summary>It stayed up for <c>startsecs</c>.</summary>
    StayedUp,
    /// <summary>The retries are used up, or the daemon is shutting down.</summary>
    GaveUp,
    /// <summary>Its child ended without having been asked to.</summary>
    Exited,
    /// <summary>A stop or kill signal is sent.</summary>
    StopRequested,
    /// <summary>The child that was asked to stop ended.</summary>
    Stopped,
    /// <summary>The kernel refused the signal.</summary>
    SignalRefused,
}

/// <summary>
/// The state machine of a process, on one screen (PSM-001..023): a pair without a row must not happen, and the engine treats it as a bug.
/// </summary>
public static class ProcessTransitions
{
    private static readonly Dictionary<(ProcessState, ProcessTrigger), ProcessState> s_table = new()
    {
        [(ProcessState.Stopped, ProcessTrigger.Spawn)] = ProcessState.Starting,
        [(ProcessState.Exited, ProcessTrigger.Spawn)] = ProcessState.Starting,
        [(ProcessState.Fatal, ProcessTrigger.Spawn)] = ProcessState.Starting,
        [(ProcessState.Backoff, ProcessTrigger.Spawn)] = ProcessState.Starting,

        [(ProcessState.Starting, ProcessTrigger.StartFailed)] = ProcessState.Backoff,
        [(ProcessState.Starting, ProcessTrigger.StayedUp)] = ProcessState.Running,
        [(ProcessState.Backoff, ProcessTrigger.GaveUp)] = ProcessState.Fatal,
        [(ProcessState.Running, ProcessTrigger.Exited)] = ProcessState.Exited,

        [(ProcessState.Starting, ProcessTrigger.StopRequested)] = ProcessState.Stopping,
        [(ProcessState.Running, ProcessTrigger.StopRequested)] = ProcessState.Stopping,
        [(ProcessState.Stopping, ProcessTrigger.StopRequested)] = ProcessState.Stopping,
        // There is no child to wait for (PSM-020).
        [(ProcessState.Backoff, ProcessTrigger.StopRequested)] = ProcessState.Stopped,
        [(ProcessState.Stopping, ProcessTrigger.Stopped)] = ProcessState.Stopped,
        // Only while its automatic restart is due: that is cancelled, and again there is no child to wait for.
        [(ProcessState.Exited, ProcessTrigger.StopRequested)] = ProcessState.Stopped,

        [(ProcessState.Starting, ProcessTrigger.SignalRefused)] = ProcessState.Unknown,
        [(ProcessState.Running, ProcessTrigger.SignalRefused)] = ProcessState.Unknown,
        [(ProcessState.Stopping, ProcessTrigger.SignalRefused)] = ProcessState.Unknown,

        // The child of an UNKNOWN process is still ours to reap, and with it the doubt ends; nothing else leaves UNKNOWN (PSM-023).
        [(ProcessState.Unknown, ProcessTrigger.Exited)] = ProcessState.Exited,
    };

    /// <summary>The state that follows, or null for a pair that must not happen.</summary>
    public static ProcessState? Next(ProcessState state, ProcessTrigger trigger) =>
        s_table.TryGetValue((state, trigger), out var next) ? next : null;
}
