using Microsoft.Extensions.Time.Testing;
using Supervisor.Core.Processes;

namespace Supervisor.Core.Tests.Processes;

public class FloodTests
{
    private const int Full = 131072;
    private readonly Flood _flood = new();
    private readonly FakeTimeProvider _time = new();

    private double NapAfter(params int[] reads)
    {
        foreach (var count in reads)
        {
            _flood.Note(count, Full);
        }

        return _flood.TakeNap().TotalMicroseconds;
    }

    [Fact]
    public void Nap_OnlyWhenNothingIsLeftBehind()
    {
        Assert.Equal(0, NapAfter());
        Assert.Equal(120, NapAfter(100));
        Assert.Equal(120, NapAfter(Full - 1));
        Assert.Equal(0, NapAfter(Full));
        Assert.Equal(20, NapAfter(100, 200));
        Assert.Equal(0, NapAfter(100, 65536));
        Assert.Equal(0, NapAfter());
    }

    [Fact]
    public void Alone_IsWhoWasAloneInTheLastTurn()
    {
        Assert.True(_flood.IsAlone);
        NapAfter(100);
        Assert.True(_flood.IsAlone);
        NapAfter(100, 100);
        Assert.False(_flood.IsAlone);
        NapAfter();
        Assert.True(_flood.IsAlone);
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
