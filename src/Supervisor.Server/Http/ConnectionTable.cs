namespace Supervisor.Server.Http;

/// <summary>A client as the table sees it.</summary>
internal interface IClient
{
    ServerContext Server { get; }

    ClientTimeout Timeout { get; }

    /// <summary>Where it stands in the table, which alone sets it; <see cref="ConnectionTable.NotInTable"/> at first.</summary>
    int Place { get; set; }

    /// <summary>Ends the connection at once.</summary>
    void Abort();
}

/// <summary>
/// All open connections. Ends those whose timeout is over, and keeps their number below the limits: the one that has kept us waiting
/// longest makes room, so idle ones cannot lock others out. Descriptors are what children are started with; clients must not eat them up.
/// </summary>
internal sealed class ConnectionTable : IDisposable
{
    /// <summary>The place of who is not in the table.</summary>
    public const int NotInTable = -1;

    // Nobody minds a second, and many patiences end together.
    private static readonly TimeSpan s_slack = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_trim = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(1);

    // A crowd of clients leaves something behind when it has gone. Till then there is too much to go through: everything stops for it.
    private const int Crowd = 256;
    private const int Few = 64;

    // One place in so many is for unix sockets alone: clients that fill the ports cannot lock the machine's administrator out.
    private const int LocalShare = 8;

    private readonly List<IClient> _clients = [];
    private readonly int _maximum;
    private readonly GcTrimmer _trim;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Action<long> _wakeBy;

    // Of the clients, their places and their numbers at the servers.
    private readonly Lock _gate = new();
    private readonly Lock _arming = new();
    private TaskCompletionSource? _empty;
    private bool _isCrowd;
    private int _remote;
    private long _due = long.MaxValue;

    /// <param name="maximum">For all servers together.</param>
    /// <param name="trim">Run when it is wanted and there is no crowd.</param>
    /// <param name="time">Clock and timer.</param>
    public ConnectionTable(int maximum, GcTrimmer trim, TimeProvider time)
    {
        _maximum = maximum;
        _trim = trim;
        _time = time;
        _wakeBy = WakeBy;
        _timer = time.CreateTimer(_ => Sweep(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _clients.Count;
            }
        }
    }

    /// <summary>False when the connection must be refused: all others are being served.</summary>
    public bool Attach(IClient client)
    {
        IClient? givesWay = null;
        IClient? givesWayToo = null;
        bool admitted;
        lock (_gate)
        {
            var server = client.Server;
            admitted = (server.Connections < server.Limits.Connections || TryMakeRoom(server, out givesWay))
                && (HasRoom(server) || TryMakeRoom(Fullest(server), out givesWayToo));
            if (admitted)
            {
                client.Place = _clients.Count;
                _clients.Add(client);
                server.Connections++;
                _remote += server.IsLocal ? 0 : 1;
                _isCrowd |= _clients.Count >= Crowd;
            }
        }

        givesWay?.Abort();
        givesWayToo?.Abort();
        if (admitted)
        {
            client.Timeout.Watcher = _wakeBy;
            WakeBy(client.Timeout.Until);
        }

        return admitted;
    }

    public void Remove(IClient client)
    {
        lock (_gate)
        {
            TakeOut(client);
        }

        if (_trim.Wanted)
        {
            WakeBy(long.MaxValue);
        }
    }

    /// <summary>Done when no client is left.</summary>
    public Task WhenEmpty()
    {
        lock (_gate)
        {
            _empty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            NoteIfEmpty();
            return _empty.Task;
        }
    }

    public void AbortAll() => Abort(_ => true);

    public void Dispose() => _timer.Dispose();

    private void Abort(Func<IClient, bool> which)
    {
        List<IClient> chosen;
        lock (_gate)
        {
            chosen = [.. _clients.Where(which)];
        }

        foreach (var client in chosen)
        {
            client.Abort();
        }
    }

    private bool HasRoom(ServerContext server) => server.IsLocal ? _clients.Count < _maximum : _remote < _maximum - _maximum / LocalShare;

    // Of the servers whose connections may end for one of this server's.
    private ServerContext? Fullest(ServerContext server) =>
        _clients.Select(c => c.Server).Where(s => server.IsLocal || !s.IsLocal).MaxBy(s => s.Connections);

    private bool TryMakeRoom(ServerContext? server, out IClient? givesWay)
    {
        givesWay = _clients.Where(c => c.Server == server && c.Timeout.WaitingSince != long.MaxValue).MinBy(c => c.Timeout.WaitingSince);
        if (givesWay is not null)
        {
            TakeOut(givesWay);
        }

        return givesWay is not null;
    }

    // Once: one that gave way ends later, and is taken out by then.
    private void TakeOut(IClient client)
    {
        if (client.Place != NotInTable)
        {
            var last = _clients[^1];
            _clients[client.Place] = last;
            last.Place = client.Place;
            _clients.RemoveAt(_clients.Count - 1);
            client.Place = NotInTable;
            client.Server.Connections--;
            _remote -= client.Server.IsLocal ? 0 : 1;
            if (_isCrowd && _clients.Count <= Few)
            {
                _isCrowd = false;
                _trim.RecordConnectionPeak();
            }

            NoteIfEmpty();
        }
    }

    private void NoteIfEmpty()
    {
        if (_clients.Count == 0)
        {
            _empty?.TrySetResult();
        }
    }

    // The timer goes off when the first timeout ends and not before: with idle clients an idle daemon sleeps all the same.
    private void WakeBy(long until)
    {
        if (_trim.Wanted)
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

        Abort(c => c.Timeout.IsExpired);
        if (Count < Crowd)
        {
            _trim.RunIfWanted();
        }

        long next;
        lock (_gate)
        {
            next = _clients.Select(c => c.Timeout.Until).DefaultIfEmpty(long.MaxValue).Min();
        }

        WakeBy(next);
    }
}
