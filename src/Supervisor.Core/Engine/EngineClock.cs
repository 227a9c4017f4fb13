namespace Supervisor.Core.Engine;

/// <summary>
/// Two clocks with two jobs: deadlines run on monotonic time, so a clock that is set back or forward freezes or hastens nothing
/// (PSM-025); wall-clock time is only printed.
/// </summary>
public sealed class EngineClock(TimeProvider provider)
{
    private readonly long _origin = provider.GetTimestamp();

    /// <summary>Monotonic time since the engine was made.</summary>
    public TimeSpan Elapsed => provider.GetElapsedTime(_origin);

    public DateTimeOffset Wall => provider.GetUtcNow();

    /// <summary>Wall-clock time in the daemon's zone, for texts.</summary>
    public DateTimeOffset ToLocal(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, provider.LocalTimeZone);
}
