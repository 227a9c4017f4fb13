using Supervisor.Core.Processes;

namespace Supervisor.Core.Tests.Processes;

public class TextTests
{
    [Theory]
    [InlineData(0, 0, "exit status 0")]
    [InlineData(0x0300, 3, "exit status 3")]
    [InlineData(0xff00, 255, "exit status 255")]
    [InlineData(15, -1, "terminated by SIGTERM")]
    [InlineData(9, -1, "terminated by SIGKILL")]
    [InlineData(6 | 0x80, -1, "terminated by SIGABRT (core dumped)")]
    [InlineData(29, -1, "terminated by SIGPOLL")]
    [InlineData(34, -1, "terminated by SIGRTMIN")]
    [InlineData(40, -1, "terminated by signal 40")]
    [InlineData(64, -1, "terminated by SIGRTMAX")]
    [InlineData(0x137f, -1, "unknown termination cause 0x137f")]
    public void WaitStatus_Raw_DecodesAsUpstream_PSM013(int raw, int code, string text) =>
        Assert.Equal(new WaitStatus(code, text), WaitStatus.Decode(raw));

    [Theory]
    [InlineData(-5, "0:00:00")]
    [InlineData(0, "0:00:00")]
    [InlineData(3661, "1:01:01")]
    [InlineData(86399, "23:59:59")]
    [InlineData(86400, "1 day, 0:00:00")]
    [InlineData(2 * 86400 + 3723, "2 days, 1:02:03")]
    public void Uptime_Seconds_AsPythonPrintsThem_PSM029(long seconds, string text) => Assert.Equal(text, Durations.Uptime(seconds));

    [Theory]
    [InlineData("2026-11-22T13:07:00Z", "Nov 22 01:07 PM")]
    [InlineData("2026-01-02T00:00:59Z", "Jan 02 12:00 AM")]
    public void StopTime_Moment_InTheCLocale_PSM030(string time, string text) =>
        Assert.Equal(text, Durations.StopTime(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture)));
}
