namespace Supervisor.Server.Http;

/// <summary>
/// Returns memory to the system after large requests and answers and after many connections: the garbage collector would keep it for the next burst,
/// which in a supervisor may never come. The timer of <see cref="ConnectionTable"/> runs it well after the burst. During a burst it collects explicitly,
/// since the background collector cannot keep up with several concurrent whole-log downloads. Thread-safe.
/// </summary>
/// <param name="collect">A full, compacting collection that returns memory.</param>
/// <param name="sweep">A full collection without compaction, which takes a few milliseconds.</param>
internal sealed class GcTrimmer(Action collect, Action sweep)
{
    /// <summary>Bytes of a body or an answer that count as large.</summary>
    public const int Big = 512 * 1024;

    // Bytes of large ones between two sweeps; the garbage is several times that.
    private const int Burst = 16 * 1024 * 1024;

    // The first run may come before the last of it is released.
    private const int Times = 2;

    private int _wanted;
    private long _sinceSweep;

    public GcTrimmer()
        : this(
            () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true),
            () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: false))
    {
    }

    /// <summary><see cref="RunIfWanted"/> is to be called some seconds later.</summary>
    public bool Wanted => Volatile.Read(ref _wanted) > 0;

    /// <summary>Records a body or an answer that is done with.</summary>
    public void Note(long bytes)
    {
        if (bytes < Big)
        {
            return;
        }

        RecordConnectionPeak();
        if (Interlocked.Add(ref _sinceSweep, bytes) >= Burst && Interlocked.Exchange(ref _sinceSweep, 0) >= Burst)
        {
            sweep();
        }
    }

    /// <summary>Records that there were many connections.</summary>
    public void RecordConnectionPeak() => Volatile.Write(ref _wanted, Times);

    public void RunIfWanted()
    {
        if (Wanted)
        {
            Interlocked.Decrement(ref _wanted);
            collect();
        }
    }
}
