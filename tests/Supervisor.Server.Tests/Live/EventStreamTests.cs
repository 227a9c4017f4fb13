using Supervisor.Core.Engine;
using Supervisor.Core.Events;
using Supervisor.Server.Live;
using Supervisor.Server.Tests.Support;
using Supervisor.Testing.Engine;

namespace Supervisor.Server.Tests.Live;

public sealed class EventStreamTests : IDisposable
{
    private readonly FakeWorld _world = new();
    private readonly SupervisorEngine _engine;
    private readonly ImmediateLoop _loop;
    private readonly FakeClient _client = new();
    private readonly CancellationTokenSource _ended = new();

    public EventStreamTests()
    {
        _engine = _world.Start(Configs.Program(Configs.Process("a")), Configs.Program(Configs.Process("b")));
        _loop = new ImmediateLoop(_engine);
    }

    public void Dispose() => _ended.Dispose();

    [Fact]
    public async Task Stream_BeginsWithASnapshot_AndTellsWhatHappens()
    {
        var running = RunAsync([EventType.ProcessState]);
        await _client.UntilAsync("event: snapshot\n");
        Assert.StartsWith("retry: 2000\n\nevent: snapshot\ndata: {\"identification\":\"supervisor\"", _client.Received, StringComparison.Ordinal);
        Assert.Contains("\"namespace\":\"supervisor\",\"processes\":[{\"name\":\"a\"", _client.Received, StringComparison.Ordinal);

        Pass(2);
        await _client.UntilAsync("event: PROCESS_STATE_RUNNING\n", 2);
        Assert.Contains(
            "data: {\"event\":\"PROCESS_STATE_RUNNING\",\"headers\":{\"processname\":\"a\",\"groupname\":\"a\",\"from_state\":\"STARTING\",\"pid\":\"100\"},"
            + "\"body\":\"\",\"processes\":[{\"name\":\"a\",\"group\":\"a\",", _client.Received, StringComparison.Ordinal);
        await EndAsync(running);
    }

    [Fact]
    public async Task Stream_TellsOfGroups()
    {
        var running = RunAsync([EventType.ProcessGroup]);
        await _client.UntilAsync("event: snapshot\n");
        lock (_engine)
        {
            _engine.FindGroup("b")!.Processes[0].Stop();
        }

        Pass(1);
        lock (_engine)
        {
            Assert.Equal(RemoveGroupOutcome.Removed, _engine.RemoveGroup("b"));
        }

        await _client.UntilAsync("event: PROCESS_GROUP_REMOVED\ndata: {\"event\":\"PROCESS_GROUP_REMOVED\",\"headers\":{\"groupname\":\"b\"},\"body\":\"\",\"processes\":[]}\n\n");
        lock (_engine)
        {
            Assert.Equal(AddGroupOutcome.Added, _engine.AddGroup("b"));
        }

        await _client.UntilAsync("\"headers\":{\"groupname\":\"b\"},\"body\":\"\",\"processes\":[{\"name\":\"b\"");
        Assert.DoesNotContain("PROCESS_STATE", _client.Received, StringComparison.Ordinal);
        await EndAsync(running);
    }

    [Fact]
    public async Task SlowClient_MissesEvents_AndGetsTheStateAnew()
    {
        var running = RunAsync([EventType.RemoteCommunication]);
        await _client.UntilAsync("event: snapshot\n");
        _client.Stuck = new TaskCompletionSource();
        Send("first");
        await _client.UntilAsync("first");

        // The client takes nothing any more; the engine does not notice.
        for (var i = 0; i < 5000; i++)
        {
            Send("more");
        }

        var stuck = _client.Stuck;
        _client.Stuck = null;
        stuck.SetResult();
        await _client.UntilAsync("event: snapshot\n", 2);
        Assert.Equal(0, _client.Count("more"));
        Send("afterwards");
        await _client.UntilAsync("afterwards");
        await EndAsync(running);
    }

    [Fact]
    public async Task LargeEvents_CountByTheirSize()
    {
        var feed = new EventFeed();
        for (var i = 0; i < 3; i++)
        {
            feed.Post(new EventNotice(EventType.ProcessLogStdout, new string('x', 400_000)));
        }

        Assert.True(await feed.WaitAsync(TimeSpan.FromSeconds(60), CancellationToken.None));
        var (events, lost, _) = feed.Take();
        Assert.True(lost);
        Assert.Empty(events);
        Assert.False(feed.Take().Lost);
    }

    [Fact]
    public async Task GoneClient_IsForgotten()
    {
        var running = RunAsync([EventType.RemoteCommunication]);
        await _client.UntilAsync("event: snapshot\n");
        Send("heard");
        await _client.UntilAsync("heard");
        await EndAsync(running);
        Send("unheard");
        Assert.DoesNotContain("unheard", _client.Received, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(EventType.ProcessStateExited, "processname:a groupname:g from_state:RUNNING expected:0 pid:7", """{"event":"PROCESS_STATE_EXITED","headers":{"processname":"a","groupname":"g","from_state":"RUNNING","expected":"0","pid":"7"},"body":"","processes":[]}""")]
    [InlineData(EventType.ProcessLogStderr, "processname:a groupname:g pid:7 channel:stderr\nsome: text\nmore", """{"event":"PROCESS_LOG_STDERR","headers":{"processname":"a","groupname":"g","pid":"7","channel":"stderr"},"body":"some: text\nmore","processes":[]}""")]
    [InlineData(EventType.RemoteCommunication, "type:a b:c\nbody", """{"event":"REMOTE_COMMUNICATION","headers":{"type":"a b:c"},"body":"body","processes":[]}""")]
    [InlineData(EventType.SupervisorStateChangeStopping, "", """{"event":"SUPERVISOR_STATE_CHANGE_STOPPING","headers":{},"body":"","processes":[]}""")]
    [InlineData(EventType.Tick5, "when:1795547205", """{"event":"TICK_5","headers":{"when":"1795547205"},"body":"","processes":[]}""")]
    public void Payloads_AreTakenApart(EventType type, string payload, string json) => Assert.Equal(
        json,
        System.Text.Encoding.UTF8.GetString(Server.Api.JsonText.Document(j => EventText.Parse(new EventNotice(type, payload)).Write(j, []))));

    private Task RunAsync(EventType[] types) => Task.Run(() => new EventStream(_loop, types, null, "supervisor").RunAsync(_client.WriteAsync, _ended.Token));

    private void Pass(double seconds)
    {
        lock (_engine)
        {
            _world.Pass(_engine, seconds);
        }
    }

    private void Send(string data)
    {
        lock (_engine)
        {
            _engine.SendRemoteEvent("t", data);
        }
    }

    private async Task EndAsync(Task running)
    {
        await _ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }
}
