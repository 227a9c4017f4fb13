using Supervisor.Server.Http;

namespace Supervisor.Server.Tests.Http;

public class GcTrimmerTests
{
    private int _collected;
    private int _swept;

    private GcTrimmer Trim() => new(() => _collected++, () => _swept++);

    [Fact]
    public void SmallThings_WantNothing()
    {
        var trim = Trim();
        for (var i = 0; i < 1000; i++)
        {
            trim.Note(100_000);
        }

        Assert.False(trim.Wanted);
        trim.RunIfWanted();
        Assert.Equal((0, 0), (_collected, _swept));
    }

    [Fact]
    public void BigThings_AreCollectedTwiceLater()
    {
        var trim = Trim();
        trim.Note(1_000_000);
        Assert.True(trim.Wanted);
        trim.RunIfWanted();
        trim.RunIfWanted();
        trim.RunIfWanted();
        Assert.Equal((2, 0), (_collected, _swept));
    }

    [Fact]
    public void ManyBigThings_AreSweptInBetween()
    {
        var trim = Trim();
        for (var i = 0; i < 100; i++)
        {
            trim.Note(1 << 20);
        }

        Assert.Equal((0, 100 / 16), (_collected, _swept));
    }
}
