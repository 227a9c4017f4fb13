using System.Buffers;
using System.Globalization;
using System.Text;

namespace Supervisor.Core.Logging;

/// <summary>What a message of the activity log may contain.</summary>
public enum LogTextKind
{
    /// <summary>One line. Parts of it may come from clients, programs or the file system: line ends are escaped like other control characters.</summary>
    Line,

    /// <summary>The caller vouches for the line ends; everything else is escaped.</summary>
    Lines,
}

/// <summary>
/// Makes text fit to stand in a log that people and programs read line by line: control characters are escaped visibly, as in C, and a message
/// has a maximum length. Ordinary text is returned as it is.
/// </summary>
public static class LogText
{
    /// <summary>Characters of a line; a path and a name at their longest fit.</summary>
    public const int LongestLine = 8192;

    /// <summary>Characters of a text of several lines; a chunk of output at its longest fits, even with each byte escaped.</summary>
    public const int LongestLines = 1024 * 1024;

    // C0, DEL, C1, the line and paragraph separator, and what turns the direction of writing around.
    private static readonly SearchValues<char> s_escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7F, 0x21)).Concat([0x2028, 0x2029, .. Enumerable.Range(0x202A, 5), .. Enumerable.Range(0x2066, 4)]).Select(c => (char)c)]);

    public static string Clean(string message, LogTextKind kind)
    {
        var limit = kind == LogTextKind.Line ? LongestLine : LongestLines;
        if (message.Length <= limit && message.AsSpan().IndexOfAny(s_escaped) < 0)
        {
            return message;
        }

        var text = new StringBuilder(Math.Min(message.Length, limit) + 16);
        foreach (var c in message.AsSpan(0, Math.Min(message.Length, limit)))
        {
            if (!s_escaped.Contains(c) || (kind == LogTextKind.Lines && c is '\n' or '\t'))
            {
                text.Append(c);
            }
            else
            {
                Escape(text, c);
            }
        }

        return message.Length > limit
            ? text.Append(CultureInfo.InvariantCulture, $"... ({message.Length - limit} characters more)").ToString()
            : text.ToString();
    }

    /// <summary>An exception with its stack, for <see cref="LogTextKind.Lines"/>: its message may quote whatever caused it.</summary>
    public static string Of(Exception exception)
    {
        var text = new StringBuilder().Append(exception.GetType()).Append(": ").Append(Clean(exception.Message, LogTextKind.Line));
        if (exception.InnerException is { } inner)
        {
            text.Append("\n ---> ").Append(Of(inner)).Append("\n   --- End of inner exception stack trace ---");
        }

        return exception.StackTrace is { } stack ? text.Append('\n').Append(stack).ToString() : text.ToString();
    }

    private static void Escape(StringBuilder text, char c) => _ = c switch
    {
        '\n' => text.Append("\\n"),
        '\r' => text.Append("\\r"),
        '\t' => text.Append("\\t"),
        < (char)0x100 => text.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
        _ => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
    };
}
