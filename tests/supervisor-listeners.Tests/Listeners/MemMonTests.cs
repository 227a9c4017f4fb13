using Supervisor.Core.CommandLine;
using Supervisor.Listeners.Listeners;
using Supervisor.Listeners.Tests.Support;
using Supervisor.Rpc.Contract;

namespace Supervisor.Listeners.Tests.Listeners;

public class MemMonTests
{
    private const long MB = 1 << 20;

    private readonly FakeWorld _world = new FakeWorld().With("web", "web", 11, memory: 300 * MB).With("g", "p", 12, memory: 100 * MB).With("off", "off", 0);

    [Theory]
    [InlineData("-p web=299mb", "web:web")]
    [InlineData("-p web:web=200MB", "web:web")]
    [InlineData("-p web=300MB", "")]
    [InlineData("-g g=1kb", "g:p")]
    [InlineData("-g p=1kb", "")]
    [InlineData("-a 50MB", "web:web g:p")]
    [InlineData("-a 1GB", "")]
    [InlineData("-a 104857599", "web:web g:p")]
    [InlineData("-p web=1 -g web=1 -a 250MB", "web:web")]
    public void Limit_Exceeded_RestartsOnce(string args, string restarted)
    {
        Tick(args.Split(' '));
        Assert.Equal(restarted.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(n => new[] { "stop " + n, "start " + n }), _world.Calls);
    }

    [Fact]
    public void Restart_Address_IsMailed()
    {
        Tick("-p", "web=1MB", "-g", "x=2", "-a", "4GB", "-m", "ops@example.org", "-n", "host7", "-s", "mail-it");
        Assert.Equal(
            ("mail-it", "To: ops@example.org\nSubject: memmon [host7]: process web:web restarted\n\nmemmon restarted the process named web:web at " +
                "Tue Nov  3 04:05:06 2026 because it was consuming too much memory (314572800 bytes RSS)"),
            Assert.Single(_world.Ran));
        Assert.StartsWith("Checking programs web=1048576\nChecking groups x=2\nChecking any=4294967296\nRSS of web:web is 314572800\nRestarting web:web\n", _world.Told);
    }

    [Theory]
    [InlineData("59", 0)]
    [InlineData("1m", 1)]
    [InlineData("2h", 1)]
    public void Uptime_Limit_MailsOnlyTheYoung(string uptime, int mails)
    {
        Tick("-p", "web=1", "-m", "a", "-u", uptime);
        Assert.Equal(mails, _world.Ran.Count);
        Assert.Equal(2, _world.Calls.Count);
    }

    [Fact]
    public void Cumulative_CountsChildren()
    {
        Tick("-a", "1GB");
        Assert.False(_world.CountedChildren);
        Tick("-c", "-a", "1GB");
        Assert.True(_world.CountedChildren);
    }

    [Theory]
    [InlineData("stop", "Failed to stop process web:web (RSS 314572800), exiting: BAD_NAME: x", "memmon: failed to stop process web:web, exiting")]
    [InlineData("start", "Failed to start process web:web after stopping it, exiting: BAD_NAME: x", "memmon: failed to start process web:web, exiting")]
    public void Restart_Refused_IsToldAndEndsTheListener(string verb, string text, string subject)
    {
        _world.Refused.Add(verb + " web:web");
        Assert.Throws<RpcFaultException>(() => Tick("-p", "web=1", "-m", "a"));
        Assert.Contains(text, _world.Told);
        Assert.Equal($"To: a\nSubject: {subject}\n\n{text}", Assert.Single(_world.Ran).Input);
    }

    [Fact]
    public void Process_GoneSince_IsPassedOver()
    {
        _world.Memory.Remove(11);
        Tick("-p", "web=1");
        Assert.Empty(_world.Calls);
    }

    [Fact]
    public void Event_NoTick_IsPassedOver()
    {
        new MemMon(["-a", "1"], _world).Handle(FakeWorld.Event("PROCESS_STATE_EXITED"));
        Assert.Equal("", _world.Told);
    }

    [Theory]
    [InlineData("Unparseable value 'web' for '-p'", "-p", "web")]
    [InlineData("Unparseable value 'a=b=1' for '--group'", "--group", "a=b=1")]
    [InlineData("Unparseable byte_size in '1TB' for '-a'", "-a", "1TB")]
    [InlineData("Unparseable value for '-u': 'soon'", "-u", "soon")]
    public void Arguments_Wrong_AreRefused(string message, params string[] args) =>
        Assert.Equal(message, Assert.Throws<UsageException>(() => new MemMon(args, _world)).Message);

    private void Tick(params string[] args) => new MemMon(args, _world).Handle(FakeWorld.Event("TICK_60", "when:1200"));
}
