namespace Supervisor.Server.Http;

/// <summary>
/// How long one connection may keep us waiting. Setting it costs two writes and no timer of its own: <see cref="ConnectionTable"/> has one for
/// all of them.
/// </summary>
internal sealed class ClientPatience(TimeProvider time)
{
    private const int BytesPerSecond = 1024;

    private long _since = long.MaxValue;
    private long _until = long.MaxValue;
    private long _limit;

    /// <summary>Time stamp since when the client is waited for; <see cref="long.MaxValue"/> while it waits for us.</summary>
    public long WaitingSince => Volatile.Read(ref _since);

    /// <summary>Time stamp from which on it is over; <see cref="long.MaxValue"/> for never.</summary>
    public long Until => Volatile.Read(ref _until);

    /// <summary>Hears of each new <see cref="Until"/> that <see cref="Expect"/> sets.</summary>
    public Action<long>? Watcher { get; set; }

    public bool IsOver => time.GetTimestamp() > Volatile.Read(ref _until);

    /// <summary>The client has something to do from now on, and this much time for it.</summary>
    public void Expect(TimeSpan limit)
    {
        var now = time.GetTimestamp();
        Volatile.Write(ref _since, now);
        _limit = (long)(limit.TotalSeconds * time.TimestampFrequency);
        Volatile.Write(ref _until, now + _limit);
        Watcher?.Invoke(now + _limit);
    }

    /// <summary>
    /// The client did some of it: a second more for every kilobyte, but never more from now on than it had at first. Nothing when it was not
    /// waited for.
    /// </summary>
    public void Progress(long bytes)
    {
        var until = Volatile.Read(ref _until);
        if (until != long.MaxValue)
        {
            until += bytes * time.TimestampFrequency / BytesPerSecond;
            Volatile.Write(ref _until, Math.Min(until, time.GetTimestamp() + _limit));
        }
    }

    /// <summary>It is our turn.</summary>
    public void Rest()
    {
        Volatile.Write(ref _until, long.MaxValue);
        Volatile.Write(ref _since, long.MaxValue);
    }
}
