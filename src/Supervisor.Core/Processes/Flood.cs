using Supervisor.Core.Engine;

namespace Supervisor.Core.Processes;

/// <summary>
/// Whether the loop empties pipes faster than the programs behind them fill them. It would then wake up for every write of theirs, and to wake
/// somebody costs more than to write; a break shorter than it takes to fill the pipe collects many writes, and keeps nobody waiting.
/// </summary>
internal sealed class Flood
{
    // A quarter of an enlarged pipe.
    private const int Large = 65536;

    // Less than this, and the program runs beside us on another processor: it will not write more because we step aside on ours.
    private const int Worthwhile = 24576;

    // An enlarged pipe takes 256 KiB, a quarter of a millisecond at a gigabyte a second; the kernel adds some fifty microseconds.
    private static readonly TimeSpan s_long = TimeSpan.FromMicroseconds(60);

    // Several wait for each other's turn already.
    private static readonly TimeSpan s_short = TimeSpan.FromMicroseconds(20);

    private int _reads;
    private int _most;
    private bool _full;

    /// <summary>
    /// Whether several pipes were in flood in the last turn. A move inside the kernel keeps the pipe locked while the file is written: with one
    /// writer, who is waiting for room in it, reading is faster; with several the others go on meanwhile, and moving is.
    /// </summary>
    public bool Several { get; private set; }

    /// <summary>A pipe in flood gave so many bytes, of as many as were asked for at most.</summary>
    public void Note(int count, int limit)
    {
        _reads++;
        _most = Math.Max(_most, count);
        _full |= count >= limit;
    }

    /// <summary>What break is due; begins anew.</summary>
    public Breather TakeBreather()
    {
        Several = _reads > 1;
        var breather = _reads switch
        {
            0 => default,
            1 => _full ? default : new Breather(s_long, StepsAside: _most >= Worthwhile),
            _ => _most >= Large ? default : new Breather(s_short, StepsAside: false),
        };
        _reads = 0;
        _most = 0;
        _full = false;
        return breather;
    }
}
