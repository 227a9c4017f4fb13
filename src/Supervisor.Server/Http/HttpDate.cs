using System.Globalization;

namespace Supervisor.Server.Http;

/// <summary>The Date header's text, made once a second.</summary>
internal static class HttpDate
{
    private static Second s_last = new(-1, "");

    public static string Of(DateTimeOffset now)
    {
        var second = now.ToUnixTimeSeconds();
        var last = Volatile.Read(ref s_last);
        if (last.Number != second)
        {
            last = new Second(second, now.UtcDateTime.ToString("R", CultureInfo.InvariantCulture));
            Volatile.Write(ref s_last, last);
        }

        return last.Text;
    }

    private sealed record Second(long Number, string Text);
}
