namespace Supervisor.Server.Http;

/// <summary>
/// Gives back what big requests and answers, and crowds of clients, leave behind: the garbage collector keeps it for the next one, which in a
/// supervisor may never come. Done by the timer of <see cref="ConnectionTable"/>, well after the burst. In the middle of one it sees to it that
/// what is over makes room for what comes: beside the work, the collector is slower than several clients who want whole logs. Any thread.
/// </summary>
/// <param name="collect">Goes through all there is, moves it together and gives back what it can.</param>
/// <param name="sweep">Goes through all there is and moves nothing, which takes a few milliseconds.</param>
internal sealed class MemoryTrim(Action collect, Action sweep)
{
    /// <summary>Bytes of a body or an answer from which on it leaves something behind.</summary>
    public const int Big = 512 * 1024;

    // Bytes of big ones from one sweep to the next; what they leave behind is several times that.
    private const int Burst = 16 * 1024 * 1024;

    // The first time may come before the last of it is let go.
    private const int Times = 2;

    private int _wanted;
    private long _sinceSweep;

    public MemoryTrim()
        : this(
            () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true),
            () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: false))
    {
    }

    /// <summary><see cref="RunIfWanted"/> is to be called some seconds later.</summary>
    public bool Wanted => Volatile.Read(ref _wanted) > 0;

    /// <summary>Tells of a body or an answer that has been.</summary>
    public void Note(long bytes)
    {
        if (bytes < Big)
        {
            return;
        }

        NoteCrowd();
        if (Interlocked.Add(ref _sinceSweep, bytes) >= Burst && Interlocked.Exchange(ref _sinceSweep, 0) >= Burst)
        {
            sweep();
        }
    }

    /// <summary>Tells of many clients that have been.</summary>
    public void NoteCrowd() => Volatile.Write(ref _wanted, Times);

    public void RunIfWanted()
    {
        if (Wanted)
        {
            Interlocked.Decrement(ref _wanted);
            collect();
        }
    }
}
