using System.Globalization;
using System.Text;
using Supervisor.Core.Configuration.Expansion;
using Supervisor.Core.Output;
using Supervisor.Core.Processes;

namespace Supervisor.Core.Events;

/// <summary>Payloads of everything that has to do with a process (EVT-062..067). Values are taken when it happens (EVT-073).</summary>
internal static class ProcessEvents
{
    private static readonly UTF8Encoding s_strictUtf8 = new(false, throwOnInvalidBytes: true);

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
        var text = Decode(data);
        bus.Notify(type, () => string.Create(
            CultureInfo.InvariantCulture,
            $"processname:{process.Name} groupname:{process.Group.Name} pid:{process.Pid} channel:{name}\n{text}"));
    }

    public static void Communication(EventBus bus, ManagedProcess process, OutputChannel channel, ReadOnlySpan<byte> data)
    {
        var type = channel == OutputChannel.Stdout ? EventType.ProcessCommunicationStdout : EventType.ProcessCommunicationStderr;
        if (!bus.HasSubscriber(type))
        {
            return;
        }

        var text = Decode(data);
        bus.Notify(type, () => string.Create(
            CultureInfo.InvariantCulture, $"processname:{process.Name} groupname:{process.Group.Name} pid:{process.Pid}\n{text}"));
    }

    // EVT-005
    private static string Decode(ReadOnlySpan<byte> data)
    {
        try
        {
            return s_strictUtf8.GetString(data);
        }
        catch (DecoderFallbackException)
        {
            return "Undecodable: " + PythonRepr.OfBytes(data);
        }
    }
}
