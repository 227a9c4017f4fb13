using Microsoft.Extensions.Time.Testing;
using Supervisor.Core.Configuration.Model;
using Supervisor.Server.Http;

namespace Supervisor.Server.Tests.Http;

public class ConnectionTableTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ServerContext _server = Server(3);
    private readonly GcTrimmer _trim;
    private int _trimmed;

    public ConnectionTableTests()
    {
        _trim = new GcTrimmer(() => _trimmed++, () => { });
    }

    private static ServerContext Server(int connections) => new(new HttpServerConfig
    {
        Section = "inet_http_server",
        Family = HttpServerFamily.Inet,
        Limits = new HttpLimits { Connections = connections },
    });

    // In steps: a timer that is set anew by its own end counts from the step's end.
    private void PassAMinute()
    {
        for (var i = 0; i < 6; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(10));
        }
    }

    private Client Connect(ServerContext? server = null) => new(server ?? _server, _time);

    [Fact]
    public void Full_TheOneThatKeptUsWaitingLongest_MakesRoom()
    {
        using var table = new ConnectionTable(100, _trim, _time);
        var clients = Enumerable.Range(0, 3).Select(_ => Connect()).ToList();
        Assert.All(clients, c => Assert.True(table.Attach(c)));
        clients[0].Timeout.Stop();
        foreach (var client in clients.Skip(1))
        {
            client.Timeout.Expect(TimeSpan.FromHours(1));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.True(table.Attach(Connect()));
        Assert.Equal([false, true, false], clients.Select(c => c.Aborted));
        Assert.Equal(3, table.Count);
    }

    [Fact]
    public void Full_AllAreBeingServed_IsRefused()
    {
        using var table = new ConnectionTable(100, _trim, _time);
        var clients = Enumerable.Range(0, 3).Select(_ => Connect()).ToList();
        Assert.All(clients, c => Assert.True(table.Attach(c)));
        Assert.False(table.Attach(Connect()));
        Assert.DoesNotContain(clients, c => c.Aborted);
        table.Remove(clients[1]);
        Assert.True(table.Attach(Connect()));
    }

    [Fact]
    public void Remove_Twice_CountsOnce()
    {
        using var table = new ConnectionTable(100, _trim, _time);
        var clients = Enumerable.Range(0, 3).Select(_ => Connect()).ToList();
        Assert.All(clients, c => Assert.True(table.Attach(c)));
        table.Remove(clients[0]);
        table.Remove(clients[0]);
        table.Remove(Connect());
        Assert.Equal((2, 2), (table.Count, _server.Connections));
        table.Remove(clients[2]);
        table.Remove(clients[1]);
        Assert.Equal((0, 0), (table.Count, _server.Connections));
    }

    [Fact]
    public void WhenEmpty_WaitsForTheLast()
    {
        using var table = new ConnectionTable(100, _trim, _time);
        var client = Connect();
        Assert.True(table.Attach(client));
        var empty = table.WhenEmpty();
        Assert.False(empty.IsCompleted);
        table.Remove(client);
        Assert.True(empty.IsCompleted);
        Assert.True(table.WhenEmpty().IsCompleted);
    }

    [Fact]
    public void FullInTotal_TheServerWithMostConnections_MakesRoom()
    {
        using var table = new ConnectionTable(4, _trim, _time);
        var quiet = Connect(Server(10));
        quiet.Timeout.Expect(TimeSpan.FromHours(1));
        Assert.True(table.Attach(quiet));
        _time.Advance(TimeSpan.FromSeconds(1));
        var crowd = Enumerable.Range(0, 3).Select(_ => Connect()).ToList();
        foreach (var client in crowd)
        {
            Assert.True(table.Attach(client));
            client.Timeout.Expect(TimeSpan.FromHours(1));
        }

        Assert.True(table.Attach(Connect(quiet.Server)));
        Assert.False(quiet.Aborted);
        Assert.Single(crowd, c => c.Aborted);
    }

    [Fact]
    public void FullOfRemoteClients_LocalOnes_HavePlacesOfTheirOwn()
    {
        using var table = new ConnectionTable(16, _trim, _time);
        var remote = Server(1000);
        var local = new ServerContext(new HttpServerConfig { Section = "unix_http_server", Family = HttpServerFamily.Unix, File = "/s" });
        // All of them are being served: none can make room.
        Assert.Equal(14, Enumerable.Range(0, 20).Count(_ => table.Attach(Connect(remote))));
        var mine = Enumerable.Range(0, 2).Select(_ => Connect(local)).ToList();
        Assert.All(mine, c => Assert.True(table.Attach(c)));
        Assert.False(table.Attach(Connect(local)));
        Assert.False(table.Attach(Connect(remote)));
        table.Remove(mine[0]);
        Assert.False(table.Attach(Connect(remote)));
        Assert.True(table.Attach(Connect(local)));
    }

    [Fact]
    public void Patience_Over_IsEnded()
    {
        using var table = new ConnectionTable(100, _trim, _time);
        var (slow, quick, served) = (Connect(), Connect(), Connect());
        Assert.All([slow, quick, served], c => Assert.True(table.Attach(c)));
        slow.Timeout.Expect(TimeSpan.FromSeconds(60));
        quick.Timeout.Expect(TimeSpan.FromSeconds(60));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(slow.Aborted);
        quick.Timeout.Stop();
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal((true, false, false), (slow.Aborted, quick.Aborted, served.Aborted));
    }

    [Fact]
    public void Patience_Progress_GivesASecondForAKilobyteAndNoCredit()
    {
        var timeout = new ClientTimeout(_time);
        timeout.Expect(TimeSpan.FromSeconds(60));
        _time.Advance(TimeSpan.FromSeconds(50));
        timeout.Progress(10 * 1024);
        _time.Advance(TimeSpan.FromSeconds(19));
        Assert.False(timeout.IsExpired);
        timeout.Progress(1024 * 1024);
        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.True(timeout.IsExpired);
    }

    [Fact]
    public void Patience_OneByteAtATime_GainsNothing()
    {
        var timeout = new ClientTimeout(_time);
        timeout.Expect(TimeSpan.FromSeconds(60));
        for (var i = 0; i < 62; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            timeout.Progress(1);
        }

        Assert.True(timeout.IsExpired);
    }

    [Fact]
    public void Empty_TheTimerRests()
    {
        using var table = new ConnectionTable(100, _trim, _time);
        var client = Connect();
        Assert.True(table.Attach(client));
        table.Remove(client);
        _time.Advance(TimeSpan.FromSeconds(20));
        var later = Connect();
        Assert.True(table.Attach(later));
        later.Timeout.Expect(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(later.Aborted);
    }

    [Fact]
    public void Patience_Progress_OfWhoIsNotWaitedFor_BeginsNothing()
    {
        var timeout = new ClientTimeout(_time);
        timeout.Progress(1024);
        timeout.Expect(TimeSpan.FromSeconds(1));
        timeout.Stop();
        timeout.Progress(1024);
        Assert.Equal(long.MaxValue, timeout.Until);
        Assert.False(timeout.IsExpired);
    }

    [Fact]
    public void Budget_Spent_RefusesUntilReturned()
    {
        var budget = new MemoryBudget(100);
        Assert.True(budget.TryTake(60));
        Assert.False(budget.TryTake(60));
        Assert.True(budget.TryTake(40));
        Assert.True(budget.IsSpent);
        budget.Return(60);
        Assert.True(budget.TryTake(60));
    }

    /// <summary>What big requests leave behind is given back some seconds later, but not while that would mean to go through a crowd.</summary>
    [Fact]
    public void Trim_WaitsForTheCrowdToGo_AndFollowsIt()
    {
        using var table = new ConnectionTable(1000, _trim, _time);
        var server = Server(1000);
        var clients = Enumerable.Range(0, 300).Select(_ => Connect(server)).ToList();
        Assert.All(clients, c => Assert.True(table.Attach(c)));
        _trim.Note(1_000_000);
        table.Remove(clients[0]);
        PassAMinute();
        Assert.Equal(0, _trimmed);

        clients[1..200].ForEach(table.Remove);
        PassAMinute();
        Assert.Equal(2, _trimmed);

        clients[200..].ForEach(table.Remove);
        PassAMinute();
        Assert.Equal(4, _trimmed);
        Assert.False(_trim.Wanted);
    }

    [Fact]
    public void Trim_AfterSmallThings_IsNotWanted()
    {
        using var table = new ConnectionTable(1000, _trim, _time);
        var clients = Enumerable.Range(0, 3).Select(_ => Connect()).ToList();
        Assert.All(clients, c => Assert.True(table.Attach(c)));
        _trim.Note(1000);
        clients.ForEach(table.Remove);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, _trimmed);
    }

    private sealed class Client(ServerContext server, TimeProvider time) : IClient
    {
        public bool Aborted { get; private set; }

        public ServerContext Server => server;

        public ClientTimeout Timeout { get; } = new(time);

        public int Place { get; set; } = ConnectionTable.NotInTable;

        public void Abort() => Aborted = true;
    }
}
