using Supervisor.Core.CommandLine;
using Supervisor.Listeners.Listeners;
using Supervisor.Listeners.Tests.Support;

namespace Supervisor.Listeners.Tests.Listeners;

public class FatalMailBatchTests
{
    private const string Fatal = "processname:web groupname:site from_state:BACKOFF";

    private static readonly string[] s_addresses = ["-t", "a@example.org,b@example.org", "-f", "me@example.org"];

    private readonly FakeWorld _world = new();

    [Fact]
    public void Interval_Passed_OneMailForAll()
    {
        var listener = new FatalMailBatch([.. s_addresses, "-i", "2", "-s", "Given up", "-S", "mail-it"], _world);
        listener.Handle(FakeWorld.Event("PROCESS_STATE_FATAL", Fatal));
        listener.Handle(FakeWorld.Event("TICK_60"));
        Assert.Empty(_world.Ran);
        listener.Handle(FakeWorld.Event("PROCESS_STATE_FATAL", Fatal.Replace("web", "db")));
        listener.Handle(FakeWorld.Event("TICK_60"));
        Assert.Equal(
            ("mail-it", "Subject: Given up\nFrom: me@example.org\nTo: a@example.org, b@example.org\nDate: Tue, 03 Nov 2026 04:05:06 GMT\n\n" +
                "Tue Nov  3 04:05:06 2026 -- Process site:web failed to start too many times\n" +
                "Tue Nov  3 04:05:06 2026 -- Process site:db failed to start too many times\n"),
            Assert.Single(_world.Ran));
    }

    [Fact]
    public void Interval_NothingGivenUp_NoMail()
    {
        var listener = new FatalMailBatch(s_addresses, _world);
        listener.Handle(FakeWorld.Event("PROCESS_STATE_FATAL", Fatal));
        listener.Handle(FakeWorld.Event("TICK_60"));
        listener.Handle(FakeWorld.Event("TICK_60"));
        Assert.Single(_world.Ran);
    }

    [Fact]
    public void Tick_OtherThanCounted_IsPassedOver()
    {
        var listener = new FatalMailBatch([.. s_addresses, "-e", "TICK_3600", "-i", "60"], _world);
        listener.Handle(FakeWorld.Event("PROCESS_STATE_FATAL", Fatal));
        listener.Handle(FakeWorld.Event("TICK_60"));
        Assert.Empty(_world.Ran);
        listener.Handle(FakeWorld.Event("TICK_3600"));
        Assert.Single(_world.Ran);
    }

    [Theory]
    [InlineData("--toEmail and --fromEmail are required", "-t", "a@example.org")]
    [InlineData("Invalid TICK event name: TOCK", "-t", "a", "-f", "b", "-e", "TOCK")]
    [InlineData("option -i: invalid floating-point value: 'x'", "-t", "a", "-f", "b", "-i", "x")]
    [InlineData("option -H is not supported: mail goes out by /usr/sbin/sendmail -t -i; see --sendmail_program", "-t", "a", "-f", "b", "-H", "mail.example.org")]
    [InlineData("option --tls is not supported: mail goes out by /usr/sbin/sendmail -t -i; see --sendmail_program", "--tls")]
    public void Arguments_Wrong_AreRefused(string message, params string[] args) =>
        Assert.Equal(message, Assert.Throws<UsageException>(() => new FatalMailBatch(args, _world)).Message);

    [Fact]
    public void SmtpHost_Localhost_IsWhatTheCommandDoes() => _ = new FatalMailBatch([.. s_addresses, "-H", "localhost"], _world);
}
