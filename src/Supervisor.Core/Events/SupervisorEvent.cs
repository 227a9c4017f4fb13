using System.Text;

namespace Supervisor.Core.Events;

/// <summary>
/// One event on its way to listener pools. Serials are given on first acceptance and kept on redelivery (EVT-003, EVT-004).
/// </summary>
/// <param name="type">Its type.</param>
/// <param name="payload">What a listener reads behind the head line, valid UTF-8. Bytes, since a program's output may be most of it.</param>
internal sealed class SupervisorEvent(EventType type, byte[] payload)
{
    private readonly Dictionary<string, long> _poolSerials = new(StringComparer.Ordinal);

    public EventType Type => type;

    public ReadOnlySpan<byte> Payload => payload;

    public string Text => Encoding.UTF8.GetString(payload);

    public long? Serial { get; set; }

    public long? PoolSerial(string pool) => _poolSerials.TryGetValue(pool, out var serial) ? serial : null;

    public void SetPoolSerial(string pool, long serial) => _poolSerials[pool] = serial;
}

/// <summary>Counts 0, 1, 2, ... and wraps to 0 after the platform's largest integer (EVT-003).</summary>
internal sealed class SerialCounter
{
    private long _last = -1;

    public long Next()
    {
        _last = _last == long.MaxValue ? 0 : _last + 1;
        return _last;
    }
}
