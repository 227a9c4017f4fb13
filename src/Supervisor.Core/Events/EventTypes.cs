namespace Supervisor.Core.Events;

/// <summary>Names and hierarchy of the event types (EVT-060).</summary>
public static class EventTypes
{
    private static readonly (EventType Type, string Name, EventType? Parent)[] s_rows =
    [
        (EventType.Event, "EVENT", null),
        (EventType.ProcessState, "PROCESS_STATE", EventType.Event),
        (EventType.ProcessStateStopped, "PROCESS_STATE_STOPPED", EventType.ProcessState),
        (EventType.ProcessStateExited, "PROCESS_STATE_EXITED", EventType.ProcessState),
        (EventType.ProcessStateStarting, "PROCESS_STATE_STARTING", EventType.ProcessState),
        (EventType.ProcessStateStopping, "PROCESS_STATE_STOPPING", EventType.ProcessState),
        (EventType.ProcessStateBackoff, "PROCESS_STATE_BACKOFF", EventType.ProcessState),
        (EventType.ProcessStateFatal, "PROCESS_STATE_FATAL", EventType.ProcessState),
        (EventType.ProcessStateRunning, "PROCESS_STATE_RUNNING", EventType.ProcessState),
        (EventType.ProcessStateUnknown, "PROCESS_STATE_UNKNOWN", EventType.ProcessState),
        (EventType.ProcessCommunication, "PROCESS_COMMUNICATION", EventType.Event),
        (EventType.ProcessCommunicationStdout, "PROCESS_COMMUNICATION_STDOUT", EventType.ProcessCommunication),
        (EventType.ProcessCommunicationStderr, "PROCESS_COMMUNICATION_STDERR", EventType.ProcessCommunication),
        (EventType.ProcessLog, "PROCESS_LOG", EventType.Event),
        (EventType.ProcessLogStdout, "PROCESS_LOG_STDOUT", EventType.ProcessLog),
        (EventType.ProcessLogStderr, "PROCESS_LOG_STDERR", EventType.ProcessLog),
        (EventType.RemoteCommunication, "REMOTE_COMMUNICATION", EventType.Event),
        (EventType.SupervisorStateChange, "SUPERVISOR_STATE_CHANGE", EventType.Event),
        (EventType.SupervisorStateChangeRunning, "SUPERVISOR_STATE_CHANGE_RUNNING", EventType.SupervisorStateChange),
        (EventType.SupervisorStateChangeStopping, "SUPERVISOR_STATE_CHANGE_STOPPING", EventType.SupervisorStateChange),
        (EventType.Tick, "TICK", EventType.Event),
        (EventType.Tick5, "TICK_5", EventType.Tick),
        (EventType.Tick60, "TICK_60", EventType.Tick),
        (EventType.Tick3600, "TICK_3600", EventType.Tick),
        (EventType.ProcessGroup, "PROCESS_GROUP", EventType.Event),
        (EventType.ProcessGroupAdded, "PROCESS_GROUP_ADDED", EventType.ProcessGroup),
        (EventType.ProcessGroupRemoved, "PROCESS_GROUP_REMOVED", EventType.ProcessGroup),
    ];

    private static readonly Dictionary<string, EventType> s_byName = s_rows.ToDictionary(r => r.Name, r => r.Type, StringComparer.Ordinal);
    private static readonly Dictionary<EventType, (string Name, EventType? Parent)> s_byType =
        s_rows.ToDictionary(r => r.Type, r => (r.Name, r.Parent));

    /// <summary>The type of an upper-case name, or null.</summary>
    public static EventType? Find(string name) => s_byName.TryGetValue(name, out var type) ? type : null;

    public static IEnumerable<string> Names => s_byName.Keys;

    public static string WireName(this EventType type) => s_byType[type].Name;

    /// <summary>True for the type itself and everything below it.</summary>
    public static bool Is(this EventType type, EventType ancestor)
    {
        for (EventType? t = type; t is { } current; t = s_byType[current].Parent)
        {
            if (current == ancestor)
            {
                return true;
            }
        }

        return false;
    }
}
