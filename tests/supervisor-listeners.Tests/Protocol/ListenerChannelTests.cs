using System.Text;
using Supervisor.Listeners.Protocol;

namespace Supervisor.Listeners.Tests.Protocol;

public class ListenerChannelTests
{
    private readonly MemoryStream _said = new();

    [Fact]
    public void Next_TwoEvents_ReadsExactlyTheirCharacters_EVT002()
    {
        var channel = Channel("ver:3.0 eventname:REMOTE_COMMUNICATION len:11\ntype:é\n😀日" + "ab" + "ver:3.0 eventname:TICK_5 len:9\nwhen:1200");
        Assert.Equal("type:é\n😀日ab", channel.Next()!.Payload);
        channel.Accept();
        var tick = channel.Next()!;
        Assert.True(tick.IsTick);
        Assert.Equal("1200", tick.Values["when"]);
        channel.Accept();
        Assert.Null(channel.Next());
        Assert.Equal("READY\nRESULT 2\nOKREADY\nRESULT 2\nOKREADY\n", Encoding.ASCII.GetString(_said.ToArray()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ver:3.0 len:5")]
    [InlineData("ver:3.0 len:5\nab")]
    public void Next_DaemonGone_IsTheEnd(string input) => Assert.Null(Channel(input).Next());

    [Theory]
    [InlineData("hello\n")]
    [InlineData("ver:3.0 len:x\n")]
    [InlineData("ver:3.0 len:-1\n")]
    public void Next_NoHeader_IsRefused(string input) => Assert.Throws<InvalidDataException>(() => Channel(input).Next());

    [Fact]
    public void Values_AreThoseOfTheFirstLine()
    {
        var item = new ListenerEvent(ListenerEvent.Tokens("eventname:PROCESS_LOG_STDOUT"), "processname:p groupname:g:h pid:3\npid:9\n");
        Assert.Equal([("groupname", "g:h"), ("pid", "3"), ("processname", "p")],
            item.Values.Select(v => (v.Key, v.Value)).OrderBy(v => v.Key, StringComparer.Ordinal));
    }

    private ListenerChannel Channel(string input) => new(new MemoryStream(Encoding.UTF8.GetBytes(input)), _said);
}
