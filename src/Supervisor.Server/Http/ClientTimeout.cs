namespace Supervisor.Server.Http;

/// <summary>
/// Read and write timeout of one connection. Setting it costs two writes and no timer: <see cref="ConnectionTable"/> has one timer for all
/// connections.
/// </summary>
internal sealed class ClientTimeout(TimeProvider time)
{
    private const int BytesPerSecond = 1024;

    private long _since = long.MaxValue;
    private long _until = long.MaxValue;
    private long _limit;

    /// <summary>Time stamp since when the server waits for the client; <see cref="long.MaxValue"/> while the client waits for the server.</summary>
    public long WaitingSince => Volatile.Read(ref _since);

    /// <summary>Time stamp at which it expires; <see cref="long.MaxValue"/> for never.</summary>
    public long Until => Volatile.Read(ref _until);

    /// <summary>Called with each new <see cref="Until"/> that <see cref="Expect"/> sets.</summary>
    public Action<long>? Watcher { get; set; }

    public bool IsExpired => time.GetTimestamp() > Volatile.Read(ref _until);

    /// <summary>Starts to wait for the client, with this limit.</summary>
    public void Expect(TimeSpan limit)
    {
        var now = time.GetTimestamp();
        Volatile.Write(ref _since, now);
        _limit = (long)(limit.TotalSeconds * time.TimestampFrequency);
        Volatile.Write(ref _until, now + _limit);
        Watcher?.Invoke(now + _limit);
    }

    /// <summary>
    /// Extends the limit by a second for every kilobyte of progress, up to its original length from now on. No effect while the server does not wait.
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

    /// <summary>Stops to wait for the client.</summary>
    public void Stop()
    {
        Volatile.Write(ref _until, long.MaxValue);
        Volatile.Write(ref _since, long.MaxValue);
    }
}
