namespace Supervisor.Core.Processes;

/// <summary>
/// Whether one program writes in floods: its pipe was found half full, or it gave 256 KiB within four milliseconds. Either holds for a while, so that
/// one short read in between changes nothing.
/// </summary>
internal sealed class FloodGauge(TimeProvider time)
{
    // Half of what a pipe holds, and so many reads more.
    private const int Plenty = 32768;
    private const int ReadsAfterPlenty = 32;

    // Enough reads of a page each until the rate is known again.
    private const int Stretch = 262144;
    private const int ReadsAfterStretch = 128;
    private static readonly TimeSpan s_fast = TimeSpan.FromMilliseconds(4);

    // So often, and the pipe is worth some memory.
    private const int Lasting = 4;

    private int _left;
    private int _times;
    private long _begun = time.GetTimestamp();
    private int _bytes;

    public bool IsFlood => _left > 0;

    /// <summary>Takes in a read. True once, when the flood has lasted.</summary>
    public bool Note(int count)
    {
        var before = _times;
        if (count >= Plenty)
        {
            _left = Math.Max(_left, ReadsAfterPlenty);
            _times++;
        }
        else if (_left > 0)
        {
            _left--;
        }

        _bytes += count;
        if (_bytes >= Stretch)
        {
            var now = time.GetTimestamp();
            if (time.GetElapsedTime(_begun, now) <= s_fast)
            {
                _left = ReadsAfterStretch;
                _times++;
            }

            (_begun, _bytes) = (now, 0);
        }

        return before < Lasting && _times >= Lasting;
    }
}
