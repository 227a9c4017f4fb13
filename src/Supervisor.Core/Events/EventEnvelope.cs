using System.Globalization;
using System.Text;

namespace Supervisor.Core.Events;

/// <summary>The bytes a listener reads from its stdin (EVT-001).</summary>
internal static class EventEnvelope
{
    public static byte[] Encode(SupervisorEvent item, string identifier, string pool)
    {
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"ver:3.0 server:{identifier} serial:{item.Serial} pool:{pool} poolserial:{item.PoolSerial(pool)} eventname:{item.Type.WireName()} len:{CodePoints(item.Payload)}\n");
        var length = Encoding.UTF8.GetByteCount(head);
        var envelope = new byte[length + item.Payload.Length];
        Encoding.UTF8.GetBytes(head, envelope);
        item.Payload.CopyTo(envelope.AsSpan(length));
        return envelope;
    }

    // Neither bytes nor UTF-16 units: existing listeners read text (EVT-002).
    private static int CodePoints(ReadOnlySpan<byte> utf8)
    {
        var count = 0;
        foreach (var unit in utf8)
        {
            // All but what continues a code point.
            count += (unit & 0xC0) == 0x80 ? 0 : 1;
        }

        return count;
    }
}
