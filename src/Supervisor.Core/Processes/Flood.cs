namespace Supervisor.Core.Processes;

/// <summary>
/// Whether the loop empties pipes faster than the programs behind them fill them. It would then wake up for every write of theirs, and to wake
/// somebody costs more than to write; a nap shorter than it takes to fill the pipe collects many writes, and keeps nobody waiting.
/// </summary>
internal sealed class Flood
{
    // A quarter of a pipe that was enlarged among others.
    private const int Large = 65536;

    // An enlarged pipe takes 512 KiB, half a millisecond at a gigabyte a second; the kernel adds some fifty microseconds.
    private static readonly TimeSpan s_long = TimeSpan.FromMicroseconds(120);

    // Several wait for each other's turn already.
    private static readonly TimeSpan s_short = TimeSpan.FromMicroseconds(20);

    private int _reads;
    private int _before;
    private bool _muchAtOnce;
    private bool _full;

    /// <summary>A pipe in flood gave so many bytes, of as many as were asked for at most.</summary>
    public void Note(int count, int limit)
    {
        _reads++;
        _muchAtOnce |= count >= Large;
        _full |= count >= limit;
    }

    /// <summary>In the last turn one pipe at most was in flood.</summary>
    public bool IsAlone => _before <= 1;

    /// <summary>How long a nap is due, zero for none; begins anew.</summary>
    public TimeSpan TakeNap()
    {
        var nap = _reads switch
        {
            0 => TimeSpan.Zero,
            1 => _full ? TimeSpan.Zero : s_long,
            _ => _muchAtOnce ? TimeSpan.Zero : s_short,
        };
        (_before, _reads) = (_reads, 0);
        _muchAtOnce = false;
        _full = false;
        return nap;
    }
}
