using System.Globalization;
using System.Text;

namespace Supervisor.Ctl.Output;

/// <summary>The few text habits of Python that show in messages or decide how a line is cut.</summary>
internal static class PythonText
{
    /// <summary>What <c>str.split()</c> cuts at: Unicode white space and the four separators that .NET does not count.</summary>
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\x1c' and <= '\x1f';

    public static string[] Split(string text)
    {
        var words = new List<string>();
        for (var i = 0; i < text.Length;)
        {
            if (IsSpace(text[i]))
            {
                i++;
                continue;
            }

            var begin = i;
            while (i < text.Length && !IsSpace(text[i]))
            {
                i++;
            }

            words.Add(text[begin..i]);
        }

        return [.. words];
    }

    public static string Strip(string text)
    {
        var begin = 0;
        var end = text.Length;
        while (begin < end && IsSpace(text[begin]))
        {
            begin++;
        }

        while (end > begin && IsSpace(text[end - 1]))
        {
            end--;
        }

        return text[begin..end];
    }

    /// <summary><c>repr()</c> of a string.</summary>
    public static string Repr(string text)
    {
        var quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        var result = new StringBuilder(text.Length + 2).Append(quote);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\\' => result.Append(@"\\"),
                '\n' => result.Append(@"\n"),
                '\r' => result.Append(@"\r"),
                '\t' => result.Append(@"\t"),
                _ when rune.Value == quote => result.Append('\\').Append(quote),
                _ when IsPrintable(rune) => result.Append(rune),
                < 0x100 => result.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"),
                < 0x10000 => result.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
                _ => result.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}"),
            };
        }

        return result.Append(quote).ToString();
    }

    /// <summary>Length in code points, which is what <c>%-33s</c> counts.</summary>
    public static int Length(string text)
    {
        var length = 0;
        foreach (var _ in text.EnumerateRunes())
        {
            length++;
        }

        return length;
    }

    /// <summary><c>%-<paramref name="width"/>s</c>.</summary>
    public static string PadRight(string text, int width) => text.PadRight(Math.Max(0, width - Length(text)) + text.Length);

    /// <summary><c>int()</c> of a word: blanks around, one sign, digits with single underscores between them. Null if it is no number.</summary>
    public static Int128? ParseInt(string text)
    {
        var digits = Strip(text);
        var negative = digits.StartsWith('-');
        if (negative || digits.StartsWith('+'))
        {
            digits = digits[1..];
        }

        if (digits.Length == 0 || !char.IsDigit(digits[0]) || !char.IsDigit(digits[^1]) || digits.Contains("__", StringComparison.Ordinal))
        {
            return null;
        }

        Int128 value = 0;
        foreach (var c in digits)
        {
            if (c == '_')
            {
                continue;
            }

            if (!char.IsDigit(c))
            {
                return null;
            }

            // Beyond what any protocol can carry the exact figure no longer matters.
            value = Int128.Min(Int128.MaxValue / 100, (value * 10) + (int)char.GetNumericValue(c));
        }

        return negative ? -value : value;
    }

    private static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator);
}
