namespace Supervisor.Unix.Tests.Sockets;

public sealed class AdaptiveSpinTests
{
    private static AdaptiveSpin After(int wakeups, int processors = 2)
    {
        var eagerness = new AdaptiveSpin(processors);
        for (var i = 0; i < wakeups; i++)
        {
            eagerness.Woken();
        }

        return eagerness;
    }

    [Theory]
    [InlineData(0, 2, false)]
    [InlineData(63, 2, false)]
    [InlineData(64, 2, true)]
    [InlineData(1000, 1, false)]
    public void Looking_NeedsManyWakeupsAndASecondProcessor(int wakeups, int processors, bool worthwhile) =>
        Assert.Equal(worthwhile, After(wakeups, processors).IsWorthwhile);

    [Fact]
    public void Looking_InVain_EndsIt()
    {
        var eagerness = After(100);
        eagerness.Found();
        Assert.True(eagerness.IsWorthwhile);
        eagerness.GiveUp();
        eagerness.Woken();
        Assert.False(eagerness.IsWorthwhile);
    }
}
