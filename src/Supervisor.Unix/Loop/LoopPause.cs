using System.Diagnostics;
using Supervisor.Core.Engine;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>
/// Takes the loop's breaks. Who steps aside (sched_yield(2)) goes behind all others that are ready to run, each for a slice of milliseconds if it
/// wants to: right when it is the writer alone, who soon waits for us, and wrong on a busy machine. So when it took long once, sleeping is the
/// way for a while: a sleeper is woken at its time, and has its turn before those who only compute.
/// </summary>
internal sealed class LoopPause(TimeProvider time)
{
    // Several times what a writer needs to fill a pipe.
    private static readonly TimeSpan s_long = TimeSpan.FromMilliseconds(1);

    private const int NapsAfterLong = 1000;

    private int _naps;

    public void Take(Breather breather)
    {
        if (!breather.StepsAside || _naps > 0)
        {
            _naps = Math.Max(0, _naps - 1);
            Nap(breather.Nap);
            return;
        }

        var began = time.GetTimestamp();
        StepAside();
        if (time.GetElapsedTime(began) >= s_long)
        {
            _naps = NapsAfterLong;
        }
    }

    internal Action StepAside { get; init; } = static () => Thread.Yield();

    // The kernel adds some fifty microseconds.
    internal Action<TimeSpan> Nap { get; init; } = static time => _ = Libc.usleep((uint)time.TotalMicroseconds);
}
