using System.Collections.Concurrent;

namespace Supervisor.Server.Http;

/// <summary>A client as the table sees it.</summary>
internal interface IClient
{
    ServerIdentity Server { get; }

    ClientPatience Patience { get; }

    /// <summary>Ends the connection at once.</summary>
    void Abort();
}

/// <summary>
/// All open connections. Ends those whose patience is over, and keeps their number below the limits: the one that has kept us waiting
/// longest makes room, so idle ones cannot lock others out. Descriptors are what children are started with; clients must not eat them up.
/// </summary>
internal sealed class ConnectionTable : IDisposable
{
    // Nobody minds a second, and many patiences end together.
    private static readonly TimeSpan s_slack = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_trim = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<IClient, bool> _clients = new();
    private readonly int _maximum;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _arming = new();
    private long _due = long.MaxValue;

    /// <param name="maximum">For all servers together.</param>
    /// <param name="time">Clock and timer.</param>
    public ConnectionTable(int maximum, TimeProvider time)
    {
        _maximum = maximum;
        _time = time;
        _timer = time.CreateTimer(_ => Sweep(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Count => _clients.Count;

    /// <summary>False when the connection must be refused: all others are being served.</summary>
    public bool Admit(IClient client)
    {
        var server = client.Server;
        if (Volatile.Read(ref server.Connections) >= server.Limits.Connections && !MakeRoom(server))
        {
            return false;
        }

        if (_clients.Count >= _maximum && !MakeRoom(_clients.Keys.Select(c => c.Server).MaxBy(s => Volatile.Read(ref s.Connections))))
        {
            return false;
        }

        if (_clients.TryAdd(client, true))
        {
            Interlocked.Increment(ref server.Connections);
        }

        client.Patience.Watcher = WakeBy;
        WakeBy(client.Patience.Until);
        return true;
    }

    public void Remove(IClient client)
    {
        if (_clients.TryRemove(client, out _))
        {
            Interlocked.Decrement(ref client.Server.Connections);
        }

        if (MemoryTrim.Wanted)
        {
            WakeBy(long.MaxValue);
        }
    }

    public void AbortAll()
    {
        foreach (var client in _clients.Keys)
        {
            client.Abort();
        }
    }

    public void Dispose() => _timer.Dispose();

    private bool MakeRoom(ServerIdentity? server)
    {
        var longest = _clients.Keys.Where(c => c.Server == server && c.Patience.WaitingSince != long.MaxValue).MinBy(c => c.Patience.WaitingSince);
        if (longest is null)
        {
            return false;
        }

        Remove(longest);
        longest.Abort();
        return true;
    }

    // The timer goes off when the first patience ends and not before: with idle clients an idle daemon sleeps all the same.
    private void WakeBy(long until)
    {
        if (MemoryTrim.Wanted)
        {
            until = Math.Min(until, _time.GetTimestamp() + (long)(s_trim.TotalSeconds * _time.TimestampFrequency));
        }

        if (until >= Volatile.Read(ref _due))
        {
            return;
        }

        lock (_arming)
        {
            if (until < _due)
            {
                Volatile.Write(ref _due, until);
                var left = _time.GetElapsedTime(_time.GetTimestamp(), until);
                var wait = left < TimeSpan.Zero ? s_slack : left < s_longest ? left + s_slack : s_longest;
                _timer.Change(wait, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Sweep()
    {
        lock (_arming)
        {
            Volatile.Write(ref _due, long.MaxValue);
        }

        foreach (var client in _clients.Keys.Where(c => c.Patience.IsOver))
        {
            client.Abort();
        }

        MemoryTrim.RunIfWanted();
        WakeBy(_clients.Keys.Select(c => c.Patience.Until).DefaultIfEmpty(long.MaxValue).Min());
    }
}
