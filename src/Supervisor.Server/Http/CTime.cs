using System.Globalization;

namespace Supervisor.Server.Http;

/// <summary>C's ctime in local time: <c>Tue Nov  3 04:05:06 2026</c>.</summary>
internal static class CTime
{
    public static string Of(TimeProvider time)
    {
        var now = time.GetLocalNow();
        return string.Create(CultureInfo.InvariantCulture, $"{now:ddd MMM} {now.Day,2} {now:HH:mm:ss yyyy}");
    }
}
