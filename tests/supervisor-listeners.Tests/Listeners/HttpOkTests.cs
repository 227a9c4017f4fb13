using Supervisor.Core.CommandLine;
using Supervisor.Listeners.Listeners;
using Supervisor.Listeners.Tests.Support;

namespace Supervisor.Listeners.Tests.Listeners;

public class HttpOkTests
{
    private const string Url = "http://localhost:8080/tasty?a=b";

    private readonly FakeWorld _world = new FakeWorld().With("web", "web", 11).With("g", "p", 12).With("off", "off", 0, state: 0);

    [Fact]
    public void Answer_Right_ChangesNothing()
    {
        Tick("-p", "web", "-t", "3", Url);
        Assert.Equal((new Uri(Url), TimeSpan.FromSeconds(3)), Assert.Single(_world.Asked));
        Assert.Empty(_world.Calls);
        Assert.Equal("", _world.Told);
    }

    [Fact]
    public void Status_Wrong_RestartsTheChosenAndMails()
    {
        _world.Answer = (503, "Service Unavailable", "");
        Tick("-p", "web", "-p", "g:p", "-p", "off", "-p", "gone", "-m", "ops@example.org", "-n", "probe", Url);
        Assert.Equal(["stop web", "start web", "stop g:p", "start g:p"], _world.Calls);
        Assert.Equal(
            $"""
            To: ops@example.org
            Subject: httpok [probe]: {Url}: bad status returned

            status contacting {Url}: 503 Service Unavailable
            Restarting selected processes ['web', 'g:p', 'off', 'gone']
            web is in RUNNING state, restarting
            web restarted
            g:p is in RUNNING state, restarting
            g:p restarted
            off not in RUNNING state, NOT restarting
            Programs not restarted because they did not exist: ['gone']
            """,
            Assert.Single(_world.Ran).Input);
    }

    [Fact]
    public void Answer_None_SaysWhyAndRestarts()
    {
        _world.Answer = (null, "timed out", "");
        Tick("-a", "-m", "a", Url);
        Assert.Equal(["stop web", "start web", "stop g:p", "start g:p"], _world.Calls);
        Assert.Contains($"error contacting {Url}:\n\n timed out\nRestarting all running processes\n", _world.Ran[0].Input);
    }

    [Theory]
    [InlineData("all well", 0)]
    [InlineData("all bad", 2)]
    public void Body_MustHoldTheText(string body, int calls)
    {
        _world.Answer = (204, "No Content", body);
        Tick("-p", "web", "-c", "200", "-c", "204", "-b", "well", Url);
        Assert.Equal(calls, _world.Calls.Count);
    }

    [Theory]
    [InlineData(1, "-E", "-p", "web")]
    [InlineData(1, "-E", "-p", "g:p")]
    [InlineData(1, "-E", "-a")]
    [InlineData(0, "-E", "-p", "off")]
    [InlineData(1, "-e", "-p", "off")]
    public void NotEager_AsksOnlyWhileSomethingRuns(int asked, params string[] args)
    {
        Tick([.. args, Url]);
        Assert.Equal(asked, _world.Asked.Count);
    }

    [Fact]
    public void Faults_AreToldAndTheRestGoesOn()
    {
        _world.Answer = (500, "no", "");
        _world.Refused.UnionWith(["stop web", "start web"]);
        Tick("-a", Url);
        Assert.Equal(4, _world.Calls.Count);
        Assert.Contains("Failed to stop process web: BAD_NAME: x\nFailed to start process web: BAD_NAME: x\n", _world.Told);
    }

    [Fact]
    public void CoreDirectory_Given_WritesACoreFirst()
    {
        _world.Answer = (500, "no", "");
        Tick("-p", "web", "-d", "/var/cores", "-g", "gcore -o", Url);
        Assert.Equal(("gcore -o \"/var/cores/web\" 11", ""), Assert.Single(_world.Ran));
        Assert.Contains("gcore output for web:\n\n (output)\n", _world.Told);
    }

    [Fact]
    public void Event_NoTick_IsPassedOver()
    {
        new HttpOk(["-a", Url], _world).Handle(FakeWorld.Event("PROCESS_STATE_EXITED"));
        Assert.Empty(_world.Asked);
    }

    [Theory]
    [InlineData("one URL is required")]
    [InlineData("Bad scheme ftp", "ftp://x/")]
    [InlineData("one URL is required", "http://a/", "http://b/")]
    [InlineData("invalid value for -t: 'x'", "-t", "x", "http://a/")]
    public void Arguments_Wrong_AreRefused(string message, params string[] args) =>
        Assert.Equal(message, Assert.Throws<UsageException>(() => new HttpOk(args, _world)).Message);

    private void Tick(params string[] args) => new HttpOk(args, _world).Handle(FakeWorld.Event("TICK_60", "when:1200"));
}
