namespace Supervisor.Unix;

/// <summary>
/// Whether to look for the next event a while before falling asleep. Under a stream of requests the next is here within microseconds, less than
/// falling asleep and being woken costs both sides. Anything slower is not looked for, and with one processor it cannot come while we look.
/// </summary>
internal sealed class Eagerness(int processors)
{
    // Wake-ups in a row before looking is tried (again).
    private const int Evidence = 64;

    private int _wakeups;

    public bool IsWorthwhile => processors > 1 && _wakeups >= Evidence;

    /// <summary>There was an event.</summary>
    public void Found() => _wakeups = Evidence;

    /// <summary>There was none.</summary>
    public void GiveUp() => _wakeups = 0;

    /// <summary>Slept and was woken.</summary>
    public void Woken() => _wakeups = Math.Min(_wakeups + 1, Evidence);
}
