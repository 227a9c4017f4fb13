using System.Globalization;
using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Logging;
using Supervisor.Core.Ports;

namespace Supervisor.Core.Engine;

/// <summary>
/// Reports exceptions that no code expects, at level CRIT: each kind once in full, and then how often it came again, at most once a minute. An error
/// that returns with every turn of the loop must not fill the log.
/// </summary>
public sealed class FaultLog(IActivityLog log, TimeProvider time)
{
    // Kinds of error that are counted separately; beyond that all are reported in full again.
    private const int Limit = 200;

    private static readonly TimeSpan s_repeatPeriod = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(string Where, Type Kind), Entry> _known = [];

    /// <summary>Never throws.</summary>
    /// <param name="where">What was being done, e.g. <c>the transition of process web:php</c>.</param>
    /// <param name="e">What came out of it.</param>
    public void Report(string where, Exception e)
    {
        try
        {
            Write(where, e);
        }
        catch (Exception)
        {
            // The log fails or memory is short: there is nothing left to report with, and the caller must run on.
        }
    }

    private void Write(string where, Exception e)
    {
        var now = time.GetTimestamp();
        if (!_known.TryGetValue((where, e.GetType()), out var entry))
        {
            if (_known.Count >= Limit)
            {
                _known.Clear();
            }

            _known.Add((where, e.GetType()), new Entry { LastReport = now });
            log.Write(LogLevel.Critical, $"unexpected error in {where}, supervision continues: {LogText.Of(e)}", LogTextKind.Lines);
            return;
        }

        entry.Unreported++;
        if (time.GetElapsedTime(entry.LastReport, now) >= s_repeatPeriod)
        {
            var count = entry.Unreported.ToString(CultureInfo.InvariantCulture);
            (entry.Unreported, entry.LastReport) = (0, now);
            log.Critical($"unexpected error in {where}, {count} more since the last report: {e.GetType()}: {e.Message}");
        }
    }

    private sealed class Entry
    {
        public int Unreported { get; set; }

        public long LastReport { get; set; }
    }
}
