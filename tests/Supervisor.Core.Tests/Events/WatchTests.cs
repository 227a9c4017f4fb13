using Supervisor.Core.Events;
using Supervisor.Testing.Engine;

namespace Supervisor.Core.Tests.Events;

public sealed class WatchTests
{
    [Fact]
    public void Watch_TellsEachEventOnce_UntilItEnds()
    {
        var world = new FakeWorld();
        var engine = world.Start(Configs.Program(Configs.Process("a")));
        var seen = new List<EventNotice>();
        var stop = engine.Watch([EventType.ProcessStateRunning, EventType.ProcessState, EventType.ProcessStateRunning, EventType.RemoteCommunication], seen.Add);
        world.Pass(engine, 2);
        engine.SendRemoteEvent("t", "d");
        Assert.Equal(
            [
                new EventNotice(EventType.ProcessStateRunning, "processname:a groupname:a from_state:STARTING pid:100"),
                new EventNotice(EventType.RemoteCommunication, "type:t\nd"),
            ],
            seen);

        stop();
        engine.SendRemoteEvent("t", "d");
        Assert.Equal(2, seen.Count);
    }
}
