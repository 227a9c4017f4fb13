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
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<IClient, bool> _clients = new();
    private readonly int _maximum;
    private readonly ITimer _timer;
    private int _looking;

    /// <param name="maximum">For all servers together.</param>
    /// <param name="time">Clock and timer.</param>
    public ConnectionTable(int maximum, TimeProvider time)
    {
        _maximum = maximum;
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

        // A timer runs only while there is somebody to look at: an idle daemon sleeps.
        if (Interlocked.Exchange(ref _looking, 1) == 0)
        {
            _timer.Change(s_period, s_period);
        }

        return true;
    }

    public void Remove(IClient client)
    {
        if (_clients.TryRemove(client, out _))
        {
            Interlocked.Decrement(ref client.Server.Connections);
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

    private void Sweep()
    {
        foreach (var client in _clients.Keys.Where(c => c.Patience.IsOver))
        {
            client.Abort();
        }

        MemoryTrim.RunIfWanted();
        if (_clients.IsEmpty)
        {
            Volatile.Write(ref _looking, 0);
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            // Somebody may have come in between, and found the timer running.
            if (!_clients.IsEmpty && Interlocked.Exchange(ref _looking, 1) == 0)
            {
                _timer.Change(s_period, s_period);
            }
        }
    }
}
