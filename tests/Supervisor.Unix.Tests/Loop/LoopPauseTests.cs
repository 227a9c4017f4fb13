using Microsoft.Extensions.Time.Testing;
using Supervisor.Core.Engine;

namespace Supervisor.Unix.Tests.Loop;

public class LoopPauseTests
{
    private static readonly TimeSpan s_nap = TimeSpan.FromMicroseconds(60);

    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _done = [];
    private TimeSpan _othersTake = TimeSpan.FromMicroseconds(300);

    private LoopPause Pause() => new(_time)
    {
        StepAside = () =>
        {
            _done.Add("aside");
            _time.Advance(_othersTake);
        },
        Nap = time => _done.Add($"nap {time.TotalMicroseconds}"),
    };

    [Fact]
    public void Take_DoesWhatTheBreatherSays()
    {
        var pause = Pause();
        pause.Take(new Breather(s_nap, StepsAside: true));
        pause.Take(new Breather(s_nap, StepsAside: false));
        pause.Take(new Breather(s_nap, StepsAside: true));
        Assert.Equal(["aside", "nap 60", "aside"], _done);
    }

    [Fact]
    public void Take_OthersTakeLong_SleepsForAWhileInstead()
    {
        var pause = Pause();
        _othersTake = TimeSpan.FromMilliseconds(1);
        pause.Take(new Breather(s_nap, StepsAside: true));
        for (var i = 0; i < 1000; i++)
        {
            pause.Take(new Breather(s_nap, StepsAside: true));
        }

        pause.Take(new Breather(s_nap, StepsAside: true));
        Assert.Equal(["aside", .. Enumerable.Repeat("nap 60", 1000), "aside"], _done);
    }
}
