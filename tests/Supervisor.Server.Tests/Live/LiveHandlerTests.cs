using System.Text;
using Microsoft.Extensions.Time.Testing;
using Supervisor.Core.Ports;
using Supervisor.Rpc.Dispatch;
using Supervisor.Server.Http;
using Supervisor.Server.Live;
using Supervisor.Server.Tail;
using Supervisor.Server.Tests.Support;
using Supervisor.Testing.Engine;

namespace Supervisor.Server.Tests.Live;

public sealed class LiveHandlerTests
{
    private readonly FakeWorld _world = new();
    private readonly FakeUsage _usage = new();
    private readonly ImmediateLoop _loop;

    public LiveHandlerTests()
    {
        _loop = new ImmediateLoop(_world.Start(Configs.Program(Configs.Process("a")), Configs.Program(Configs.Process("b"))));
    }

    [Fact]
    public async Task Streams_AreSixtyFourAtMost()
    {
        var handler = new LiveHandler(new RpcDispatcher(CannedApi.Create().Api, ["supervisor"], new SilentRpcLog()), _loop, new LogFiles(_world.Files, TimeProvider.System), _usage);
        using var ended = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 64).Select(_ => new FakeClient()).ToList();
        var running = clients.Select(c => handler.Events(Head("GET /api/v1/events HTTP/1.1")).Stream!(c.WriteAsync, ended.Token)).ToList();
        await Task.WhenAll(clients.Select(c => c.UntilAsync("event: snapshot")));
        Assert.Equal(503, handler.Events(Head("GET /api/v1/events HTTP/1.1")).Code);

        await ended.CancelAsync();
        await Task.WhenAll(running);
        Assert.Equal(200, handler.Events(Head("GET /api/v1/events HTTP/1.1")).Code);
    }

    [Fact]
    public void Stream_TellsProxiesNotToCollect()
    {
        var handler = new LiveHandler(new RpcDispatcher(CannedApi.Create().Api, [], new SilentRpcLog()), _loop, new LogFiles(_world.Files, TimeProvider.System), _usage);
        var head = Encoding.ASCII.GetString(handler.Events(Head("GET /api/v1/events HTTP/1.1")).Head("1.1", DateTimeOffset.UnixEpoch));
        Assert.Contains("Content-Type: text/event-stream\r\nCache-Control: no-store\r\n", head, StringComparison.Ordinal);
        Assert.Contains("X-Accel-Buffering: no\r\n", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Figures_AreSharesOfOneCpu_AndMissWhatIsNotKnown()
    {
        var time = new FakeTimeProvider();
        var meter = new UsageMeter(_loop, _usage, time);
        var feed = new EventFeed();
        _usage.Known[100] = new ProcessUsage(5_000_000, TimeSpan.FromSeconds(10));
        meter.Add(feed);
        Assert.Equal("event: usage\ndata: {\"a\":[null,5000000]}\n\n", await NextAsync(feed));

        // Not as long as the meter itself waits.
        time.Advance(TimeSpan.FromSeconds(0.25));
        _usage.Known[100] = new ProcessUsage(6_000_000, TimeSpan.FromSeconds(10.125));
        _usage.Known[101] = new ProcessUsage(7_000_000, TimeSpan.FromSeconds(1));
        await meter.MeasureAsync();
        Assert.Equal("event: usage\ndata: {\"a\":[50,6000000],\"b\":[null,7000000]}\n\n", await NextAsync(feed));

        // Less than before: a child ended and nobody asked for it.
        time.Advance(TimeSpan.FromSeconds(0.1));
        _usage.Known[100] = new ProcessUsage(6_000_000, TimeSpan.FromSeconds(9));
        await meter.MeasureAsync();
        Assert.Equal("event: usage\ndata: {\"a\":[0,6000000],\"b\":[0,7000000]}\n\n", await NextAsync(feed));
        meter.Remove(feed);
    }

    private static async Task<string> NextAsync(EventFeed feed)
    {
        Assert.True(await feed.WaitAsync(TimeSpan.FromSeconds(60), CancellationToken.None));
        return Encoding.UTF8.GetString(feed.Take().Usage!.Value.Span);
    }

    private static RequestHead Head(string text) => RequestHead.Parse(Encoding.ASCII.GetBytes(text), new FakeMemory())!;
}
