using Microsoft.Extensions.Time.Testing;
using Supervisor.Core.Configuration.Model;
using Supervisor.Server.Http;

namespace Supervisor.Server.Tests.Http;

public class ConnectionTableTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ServerIdentity _server = Server(3);
    private readonly MemoryTrim _trim;
    private int _trimmed;

    public ConnectionTableTests()
    {
        _trim = new MemoryTrim(() => _trimmed++, () => { });
    }

    private static ServerIdentity Server(int connections) => new(new HttpServerConfig
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

    private Client Connect(ServerIdentity? server = null) => new(server ?? _server, _time);

    [Fact]
    public void Full_TheOneThatKeptUsWaitingLongest_MakesRoom()
    {
        using var table = new ConnectionTable(100, _trim, _time);
        var clients = Enumerable.Range(0, 3).Select(_ => Connect()).ToList();
        Assert.All(clients, c => Assert.True(table.Admit(c)));
        clients[0].Patience.Rest();
        foreach (var client in clients.Skip(1))
        {
            client.Patience.Expect(TimeSpan.FromHours(1));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.True(table.Admit(Connect()));
        Assert.Equal([false, true, false], clients.Select(c => c.Aborted));
        Assert.Equal(3, table.Count);
    }

    [Fact]
    public void Full_AllAreBeingServed_IsRefused()
    {
        using var table = new ConnectionTable(100, _trim, _time);
        var clients = Enumerable.Range(0, 3).Select(_ => Connect()).ToList();
        Assert.All(clients, c => Assert.True(table.Admit(c)));
        Assert.False(table.Admit(Connect()));
        Assert.DoesNotContain(clients, c => c.Aborted);
        table.Remove(clients[1]);
        Assert.True(table.Admit(Connect()));
    }

    [Fact]
    public void Remove_Twice_CountsOnce()
    {
        using var table = new ConnectionTable(100, _trim, _time);
        var clients = Enumerable.Range(0, 3).Select(_ => Connect()).ToList();
        Assert.All(clients, c => Assert.True(table.Admit(c)));
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
        Assert.True(table.Admit(client));
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
        quiet.Patience.Expect(TimeSpan.FromHours(1));
        Assert.True(table.Admit(quiet));
        _time.Advance(TimeSpan.FromSeconds(1));
        var crowd = Enumerable.Range(0, 3).Select(_ => Connect()).ToList();
        foreach (var client in crowd)
        {
            Assert.True(table.Admit(client));
            client.Patience.Expect(TimeSpan.FromHours(1));
        }

        Assert.True(table.Admit(Connect(quiet.Server)));
        Assert.False(quiet.Aborted);
        Assert.Single(crowd, c => c.Aborted);
    }

    [Fact]
    public void FullOfRemoteClients_LocalOnes_HavePlacesOfTheirOwn()
    {
        using var table = new ConnectionTable(16, _trim, _time);
        var remote = Server(1000);
        var local = new ServerIdentity(new HttpServerConfig { Section = "unix_http_server", Family = HttpServerFamily.Unix, File = "/s" });
        // All of them are being served: none can make room.
        Assert.Equal(14, Enumerable.Range(0, 20).Count(_ => table.Admit(Connect(remote))));
        var mine = Enumerable.Range(0, 2).Select(_ => Connect(local)).ToList();
        Assert.All(mine, c => Assert.True(table.Admit(c)));
        Assert.False(table.Admit(Connect(local)));
        Assert.False(table.Admit(Connect(remote)));
        table.Remove(mine[0]);
        Assert.False(table.Admit(Connect(remote)));
        Assert.True(table.Admit(Connect(local)));
    }

    [Fact]
    public void Patience_Over_IsEnded()
    {
        using var table = new ConnectionTable(100, _trim, _time);
        var (slow, quick, served) = (Connect(), Connect(), Connect());
        Assert.All([slow, quick, served], c => Assert.True(table.Admit(c)));
        slow.Patience.Expect(TimeSpan.FromSeconds(60));
        quick.Patience.Expect(TimeSpan.FromSeconds(60));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(slow.Aborted);
        quick.Patience.Rest();
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal((true, false, false), (slow.Aborted, quick.Aborted, served.Aborted));
    }

    [Fact]
    public void Patience_Progress_GivesASecondForAKilobyteAndNoCredit()
    {
        var patience = new ClientPatience(_time);
        patience.Expect(TimeSpan.FromSeconds(60));
        _time.Advance(TimeSpan.FromSeconds(50));
        patience.Progress(10 * 1024);
        _time.Advance(TimeSpan.FromSeconds(19));
        Assert.False(patience.IsOver);
        patience.Progress(1024 * 1024);
        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.True(patience.IsOver);
    }

    [Fact]
    public void Patience_OneByteAtATime_GainsNothing()
    {
        var patience = new ClientPatience(_time);
        patience.Expect(TimeSpan.FromSeconds(60));
        for (var i = 0; i < 62; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            patience.Progress(1);
        }

        Assert.True(patience.IsOver);
    }

    [Fact]
    public void Empty_TheTimerRests()
    {
        using var table = new ConnectionTable(100, _trim, _time);
        var client = Connect();
        Assert.True(table.Admit(client));
        table.Remove(client);
        _time.Advance(TimeSpan.FromSeconds(20));
        var later = Connect();
        Assert.True(table.Admit(later));
        later.Patience.Expect(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(later.Aborted);
    }

    [Fact]
    public void Patience_Progress_OfWhoIsNotWaitedFor_BeginsNothing()
    {
        var patience = new ClientPatience(_time);
        patience.Progress(1024);
        patience.Expect(TimeSpan.FromSeconds(1));
        patience.Rest();
        patience.Progress(1024);
        Assert.Equal(long.MaxValue, patience.Until);
        Assert.False(patience.IsOver);
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
        Assert.All(clients, c => Assert.True(table.Admit(c)));
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
        Assert.All(clients, c => Assert.True(table.Admit(c)));
        _trim.Note(1000);
        clients.ForEach(table.Remove);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, _trimmed);
    }

    private sealed class Client(ServerIdentity server, TimeProvider time) : IClient
    {
        public bool Aborted { get; private set; }

        public ServerIdentity Server => server;

        public ClientPatience Patience { get; } = new(time);

        public int Place { get; set; } = ConnectionTable.Nowhere;

        public void Abort() => Aborted = true;
    }
}
