using System.Globalization;

namespace Supervisor.Core.Processes;

/// <summary>Times as the status texts print them.</summary>
internal static class Durations
{
    /// <summary><c>H:MM:SS</c>, from a day on preceded by <c>1 day, </c> or <c>n days, </c>; negative shows as zero (PSM-029).</summary>
    public static string Uptime(long seconds)
    {
        seconds = Math.Max(0, seconds);
        var (days, rest) = Math.DivRem(seconds, 86400);
        var clock = string.Create(CultureInfo.InvariantCulture, $"{rest / 3600}:{rest / 60 % 60:00}:{rest % 60:00}");
        return days switch
        {
            0 => clock,
            1 => "1 day, " + clock,
            _ => string.Create(CultureInfo.InvariantCulture, $"{days} days, {clock}"),
        };
    }

    /// <summary><c>Nov 22 01:07 PM</c>, whatever the locale (PSM-030).</summary>
    public static string StopTime(DateTimeOffset local) => local.ToString("MMM dd hh:mm tt", CultureInfo.InvariantCulture);
}
