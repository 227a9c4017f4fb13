using System.Text;

namespace Supervisor.Core.Events;

/// <summary>What clients send to listeners.</summary>
public static class RemoteEvent
{
    /// <summary>The payload of a REMOTE_COMMUNICATION.</summary>
    public static byte[] Payload(string type, string data) => Encoding.UTF8.GetBytes($"type:{type}\n{data}");
}
