using Supervisor.Core.Engine;
using Supervisor.Core.Events;

namespace Supervisor.Testing.Engine;

public static class RemoteEvents
{
    /// <summary>Sends an event as a client does.</summary>
    public static void SendRemoteEvent(this ISupervisor supervisor, string type, string data) => supervisor.SendRemoteEvent(RemoteEvent.Payload(type, data));
}
