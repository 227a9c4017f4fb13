using System.Globalization;
using Supervisor.Core.Events;

namespace Supervisor.Core.Engine;

/// <summary>
/// TICK events: one whenever floor(now / period) changes, skipped slices in one (EVT-070, EVT-072). Wakes the loop only while somebody
/// subscribes to ticks.
/// </summary>
internal sealed class TickClock(EngineClock clock, EventBus bus)
{
    private static readonly (EventType Type, long Period)[] s_ticks =
        [(EventType.Tick5, 5), (EventType.Tick60, 60), (EventType.Tick3600, 3600)];

    private readonly Dictionary<EventType, long> _last = [];

    public void Tick()
    {
        var now = clock.Wall.ToUnixTimeSeconds();
        foreach (var (type, period) in s_ticks)
        {
            var slice = now - ((now % period) + period) % period;
            var known = _last.TryGetValue(type, out var last);
            _last[type] = slice;
            if (known && slice != last)
            {
                bus.Notify(type, () => string.Create(CultureInfo.InvariantCulture, $"when:{slice}"));
            }
        }
    }

    /// <summary>Time until the next tick somebody waits for, or null.</summary>
    public TimeSpan? NextWait()
    {
        TimeSpan? wait = null;
        var now = clock.Wall.ToUnixTimeMilliseconds();
        foreach (var (type, period) in s_ticks)
        {
            if (bus.HasSubscriber(type))
            {
                var milliseconds = period * 1000;
                // One more millisecond, so that the wait never ends in the old slice by rounding.
                var rest = TimeSpan.FromMilliseconds(milliseconds - now % milliseconds + 1);
                wait = wait is { } w && w < rest ? w : rest;
            }
        }

        return wait;
    }
}
