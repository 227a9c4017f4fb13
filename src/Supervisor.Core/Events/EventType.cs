namespace Supervisor.Core.Events;

/// <summary>Every event type a listener can name (EVT-060); abstract ones are subscribable but never sent.</summary>
public enum EventType
{
    Event,
    ProcessState,
    ProcessStateStopped,
    ProcessStateStarting,
    ProcessStateRunning,
    ProcessStateBackoff,
    ProcessStateStopping,
    ProcessStateExited,
    ProcessStateFatal,
    ProcessStateUnknown,
    ProcessLog,
    ProcessLogStdout,
    ProcessLogStderr,
    ProcessCommunication,
    ProcessCommunicationStdout,
    ProcessCommunicationStderr,
    RemoteCommunication,
    SupervisorStateChange,
    SupervisorStateChangeRunning,
    SupervisorStateChangeStopping,
    Tick,
    Tick5,
    Tick60,
    Tick3600,
    ProcessGroup,
    ProcessGroupAdded,
    ProcessGroupRemoved,
}
