using Microsoft.Extensions.Time.Testing;
using Supervisor.Core.Processes;

namespace Supervisor.Core.Tests.Processes;

public class FloodTests
{
    private const int Full = 131072;
    private readonly Flood _flood = new();
    private readonly FakeTimeProvider _time = new();

    private string BreatherAfter(params int[] reads)
    {
        foreach (var count in reads)
        {
            _flood.Note(count, Full);
        }

        var breather = _flood.TakeBreather();
        return breather.Nap == default ? "none" : $"{breather.Nap.TotalMicroseconds} {(breather.StepsAside ? "aside" : "asleep")}";
    }

    [Fact]
    public void Breather_OnlyWhenNothingIsLeftBehind()
    {
        Assert.Equal("none", BreatherAfter());
        Assert.Equal("60 asleep", BreatherAfter(100));
        Assert.Equal("60 asleep", BreatherAfter(24575));
        Assert.Equal("60 aside", BreatherAfter(24576));
        Assert.Equal("60 aside", BreatherAfter(Full - 1));
        Assert.Equal("none", BreatherAfter(Full));
        Assert.Equal("20 asleep", BreatherAfter(100, 65535));
        Assert.Equal("none", BreatherAfter(100, 65536));
        Assert.Equal("none", BreatherAfter());
    }

    [Fact]
    public void Several_AreThoseOfTheLastTurn()
    {
        BreatherAfter(100, 200);
        Assert.True(_flood.Several);
        BreatherAfter(100);
        Assert.False(_flood.Several);
    }

    [Fact]
    public void Gauge_HalfFullPipe_IsAFloodForAWhile()
    {
        var gauge = new FloodGauge(_time);
        gauge.Note(32767);
        Assert.False(gauge.IsFlood);
        gauge.Note(32768);
        for (var i = 0; i < 32; i++)
        {
            Assert.True(gauge.IsFlood);
            gauge.Note(1);
        }

        Assert.False(gauge.IsFlood);
    }

    [Theory]
    [InlineData(60, true)]
    [InlineData(70, false)]
    public void Gauge_SmallReads_AreAFloodByTheirRate(int microsecondsForEach, bool flood)
    {
        var gauge = new FloodGauge(_time);
        for (var i = 0; i < 64; i++)
        {
            _time.Advance(TimeSpan.FromMicroseconds(microsecondsForEach));
            Assert.False(gauge.IsFlood);
            gauge.Note(4096);
        }

        Assert.Equal(flood, gauge.IsFlood);
    }

    [Fact]
    public void Gauge_LastingFlood_IsToldOnce()
    {
        var gauge = new FloodGauge(_time);
        Assert.Equal([false, false, false, true, false, false], Enumerable.Range(0, 6).Select(_ => gauge.Note(40000)));
    }
}
