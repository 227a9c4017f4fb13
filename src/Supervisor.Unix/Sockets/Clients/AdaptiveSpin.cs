namespace Supervisor.Unix;

/// <summary>
/// Whether to poll for the next event before blocking. In a stream of requests the next one arrives within microseconds, which is less than a
/// sleep and a wake-up cost both sides. It does not spin for slower traffic, nor on one processor, where spinning only delays the peer.
/// </summary>
internal sealed class AdaptiveSpin(int processors)
{
    // Wake-ups in a row before spinning is tried (again).
    private const int Evidence = 64;

    private int _wakeups;

    public bool IsWorthwhile => processors > 1 && _wakeups >= Evidence;

    /// <summary>Spinning found an event.</summary>
    public void Found() => _wakeups = Evidence;

    /// <summary>Spinning found none.</summary>
    public void GiveUp() => _wakeups = 0;

    /// <summary>Blocked and was woken.</summary>
    public void Woken() => _wakeups = Math.Min(_wakeups + 1, Evidence);
}
