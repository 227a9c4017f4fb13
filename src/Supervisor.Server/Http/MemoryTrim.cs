namespace Supervisor.Server.Http;

/// <summary>
/// Gives back what big requests and answers leave behind: the garbage collector keeps it for the next one, which in a supervisor may never
/// come. Done by the timer of <see cref="ConnectionTable"/>, well after the burst.
/// </summary>
internal static class MemoryTrim
{
    /// <summary>Bytes of a body or an answer from which on it leaves something behind.</summary>
    public const int Big = 512 * 1024;

    // The first time may come before the last of it is let go.
    private const int Times = 2;

    private static int s_wanted;

    /// <summary>Something big has been, and <see cref="RunIfWanted"/> is to be called some seconds later.</summary>
    public static bool Wanted => Volatile.Read(ref s_wanted) > 0;

    /// <summary>Tells of a body or an answer.</summary>
    public static void Note(long bytes)
    {
        if (bytes >= Big)
        {
            Volatile.Write(ref s_wanted, Times);
        }
    }

    public static void RunIfWanted()
    {
        if (Wanted)
        {
            Interlocked.Decrement(ref s_wanted);
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }
}
