namespace Supervisor.Core.Processes;

/// <summary>
/// Whether the loop empties pipes faster than the programs behind them fill them. It would then wake up for every write of theirs;
/// a nap shorter than it takes to fill the pipe collects many of them, and keeps nobody waiting.
/// </summary>
internal sealed class Flood
{
    // A quarter of an enlarged pipe.
    private const int Large = 65536;

    private bool _some;
    private bool _muchAtOnce;

    /// <summary>A pipe in flood gave so many bytes.</summary>
    public void Note(int count)
    {
        _some = true;
        _muchAtOnce |= count >= Large;
    }

    /// <summary>Whether a nap is due; begins anew.</summary>
    public bool TakeNap()
    {
        var nap = _some && !_muchAtOnce;
        _some = _muchAtOnce = false;
        return nap;
    }
}
