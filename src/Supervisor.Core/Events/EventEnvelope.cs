using System.Globalization;
using System.Text;

namespace Supervisor.Core.Events;

/// <summary>The bytes a listener reads from its stdin (EVT-001).</summary>
internal static class EventEnvelope
{
    public static byte[] Encode(SupervisorEvent item, string identifier, string pool)
    {
        // Code points, neither bytes nor UTF-16 units: existing listeners read text (EVT-002).
        var length = 0;
        foreach (var _ in item.Payload.EnumerateRunes())
        {
            length++;
        }

        return Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"ver:3.0 server:{identifier} serial:{item.Serial} pool:{pool} poolserial:{item.PoolSerial(pool)} eventname:{item.Type.WireName()} len:{length}\n{item.Payload}"));
    }
}
