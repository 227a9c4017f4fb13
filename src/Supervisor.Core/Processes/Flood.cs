namespace Supervisor.Core.Processes;

/// <summary>
/// Whether the loop empties pipes faster than the programs behind them fill them. It would then wake up for every write of theirs;
/// a nap shorter than it takes to fill the pipe collects many of them, and keeps nobody waiting. One writer alone would notice: it has a
/// processor of its own to write on, and the loop one to keep up with it.
/// </summary>
internal sealed class Flood
{
    // A quarter of an enlarged pipe.
    private const int Large = 65536;

    private int _reads;
    private bool _muchAtOnce;

    /// <summary>
    /// Whether several pipes were in flood in the last turn. A move inside the kernel keeps the pipe locked while the file is written: with one
    /// writer, who is waiting for room in it, reading is faster; with several the others go on meanwhile, and moving is.
    /// </summary>
    public bool Several { get; private set; }

    /// <summary>A pipe in flood gave so many bytes.</summary>
    public void Note(int count)
    {
        _reads++;
        _muchAtOnce |= count >= Large;
    }

    /// <summary>Whether a nap is due; begins anew.</summary>
    public bool TakeNap()
    {
        var nap = _reads > 1 && !_muchAtOnce;
        Several = _reads > 1;
        _reads = 0;
        _muchAtOnce = false;
        return nap;
    }
}
