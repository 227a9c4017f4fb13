using Supervisor.Core.CommandLine;
using Supervisor.Listeners.Listeners;
using Supervisor.Listeners.Tests.Support;

namespace Supervisor.Listeners.Tests.Listeners;

public class CrashMailTests
{
    private const string Crash = "processname:web groupname:site from_state:RUNNING expected:0 pid:58597";

    private readonly FakeWorld _world = new();

    [Fact]
    public void Exit_Unexpected_IsMailed()
    {
        new CrashMail(["-a", "-m", "ops@example.org", "-s", "mail-it"], _world).Handle(FakeWorld.Event("PROCESS_STATE_EXITED", Crash));
        Assert.Equal(
            ("mail-it", "To: ops@example.org\nSubject:  web crashed at Tue Nov  3 04:05:06 2026\n\n" +
                "Process web in group site exited unexpectedly (pid 58597) from state RUNNING"),
            Assert.Single(_world.Ran));
        Assert.StartsWith("unexpected exit, mailing\nMailed:\n\nTo: ops@example.org\n", _world.Told);
    }

    [Fact]
    public void Subject_Prefix_ComesFirst()
    {
        new CrashMail(["-o", "host7", "-m", "a"], _world).Handle(FakeWorld.Event("PROCESS_STATE_EXITED", Crash));
        Assert.Contains("Subject: host7: web crashed at ", Assert.Single(_world.Ran).Input);
        Assert.Equal("/usr/sbin/sendmail -t -i", _world.Ran[0].Command);
    }

    [Theory]
    [InlineData("PROCESS_STATE_EXITED", "processname:web groupname:site from_state:RUNNING expected:1 pid:1")]
    [InlineData("PROCESS_STATE_FATAL", Crash)]
    [InlineData("TICK_60", "when:1200")]
    public void Event_NoCrash_IsPassedOver(string name, string payload)
    {
        new CrashMail(["-a", "-m", "a"], _world).Handle(FakeWorld.Event(name, payload));
        Assert.Empty(_world.Ran);
        Assert.Equal("", _world.Told);
    }

    [Theory]
    [InlineData("web", 1)]
    [InlineData("site:web", 1)]
    [InlineData("site", 0)]
    [InlineData("other", 0)]
    public void Program_Given_OnlyThatOne(string program, int mails)
    {
        new CrashMail(["-p", program, "-m", "a"], _world).Handle(FakeWorld.Event("PROCESS_STATE_EXITED", Crash));
        Assert.Equal(mails, _world.Ran.Count);
    }

    [Fact]
    public void Address_None_SendsNothingButSaysSo()
    {
        new CrashMail([], _world).Handle(FakeWorld.Event("PROCESS_STATE_EXITED", Crash));
        Assert.Empty(_world.Ran);
        Assert.Equal("unexpected exit, mailing\n", _world.Told);
    }

    [Fact]
    public void Option_Unknown_IsAUsageError() => Assert.Throws<UsageException>(() => new CrashMail(["-z"], _world));
}
