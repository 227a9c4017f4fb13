using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Supervisor.Core.Configuration.Expansion;
using Supervisor.Core.Output;
using Supervisor.Core.Processes;

namespace Supervisor.Core.Events;

/// <summary>Payloads of everything that has to do with a process (EVT-062..067). Values are taken when it happens (EVT-073).</summary>
internal static class ProcessEvents
{
    public static void StateChanged(EventBus bus, ManagedProcess process, ProcessState from, bool expected)
    {
        var type = process.State switch
        {
            ProcessState.Stopped => EventType.ProcessStateStopped,
            ProcessState.Starting => EventType.ProcessStateStarting,
            ProcessState.Running => EventType.ProcessStateRunning,
            ProcessState.Backoff => EventType.ProcessStateBackoff,
            ProcessState.Stopping => EventType.ProcessStateStopping,
            ProcessState.Exited => EventType.ProcessStateExited,
            ProcessState.Fatal => EventType.ProcessStateFatal,
            _ => EventType.ProcessStateUnknown,
        };
        bus.Notify(type, () =>
        {
            var extra = type switch
            {
                EventType.ProcessStateStarting or EventType.ProcessStateBackoff =>
                    string.Create(CultureInfo.InvariantCulture, $" tries:{process.Tries}"),
                EventType.ProcessStateExited =>
                    string.Create(CultureInfo.InvariantCulture, $" expected:{(expected ? 1 : 0)} pid:{process.Pid}"),
                EventType.ProcessStateRunning or EventType.ProcessStateStopping or EventType.ProcessStateStopped =>
                    string.Create(CultureInfo.InvariantCulture, $" pid:{process.Pid}"),
                _ => "",
            };
            return $"processname:{process.Name} groupname:{process.Group.Name} from_state:{from.WireName()}{extra}";
        });
    }

    public static void LogChunk(EventBus bus, ManagedProcess process, OutputChannel channel, ReadOnlySpan<byte> data)
    {
        var type = channel == OutputChannel.Stdout ? EventType.ProcessLogStdout : EventType.ProcessLogStderr;
        if (!bus.HasSubscriber(type))
        {
            return;
        }

        var name = channel == OutputChannel.Stdout ? "stdout" : "stderr";
        Tell(bus, type, string.Create(
            CultureInfo.InvariantCulture, $"processname:{process.Name} groupname:{process.Group.Name} pid:{process.Pid} channel:{name}\n"), data);
    }

    public static void Communication(EventBus bus, ManagedProcess process, OutputChannel channel, ReadOnlySpan<byte> data)
    {
        var type = channel == OutputChannel.Stdout ? EventType.ProcessCommunicationStdout : EventType.ProcessCommunicationStderr;
        if (!bus.HasSubscriber(type))
        {
            return;
        }

        Tell(bus, type, string.Create(
            CultureInfo.InvariantCulture, $"processname:{process.Name} groupname:{process.Group.Name} pid:{process.Pid}\n"), data);
    }

    // EVT-005
    private static void Tell(EventBus bus, EventType type, string head, ReadOnlySpan<byte> data)
    {
        bus.Notify(type, Utf8.IsValid(data)
            ? [.. Encoding.UTF8.GetBytes(head), .. data]
            : Encoding.UTF8.GetBytes(head + "Undecodable: " + PythonRepr.OfBytes(data)));
    }
}
