namespace Supervisor.Core.Configuration.Expansion;

/// <summary>Python's notion of blanks, lengths and numbers in texts.</summary>
public static class PythonText
{
    /// <summary><c>str.isspace()</c>: like .NET's, plus the four ASCII separators.</summary>
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\x1c' and <= '\x1f';

    public static string Strip(string text) => StripEnd(StripStart(text));

    public static string StripStart(string text)
    {
        var i = 0;
        while (i < text.Length && IsSpace(text[i]))
        {
            i++;
        }

        return text[i..];
    }

    public static string StripEnd(string text)
    {
        var i = text.Length;
        while (i > 0 && IsSpace(text[i - 1]))
        {
            i--;
        }

        return text[..i];
    }

    /// <summary><c>str.split()</c> without arguments.</summary>
    public static string[] Split(string text)
    {
        var words = new List<string>();
        var i = 0;
        while (i < text.Length)
        {
            if (IsSpace(text[i]))
            {
                i++;
                continue;
            }

            var start = i;
            while (i < text.Length && !IsSpace(text[i]))
            {
                i++;
            }

            words.Add(text[start..i]);
        }

        return [.. words];
    }

    /// <summary><c>len()</c>: code points, where .NET counts UTF-16 units.</summary>
    public static int Length(ReadOnlySpan<char> text)
    {
        var length = 0;
        foreach (var _ in text.EnumerateRunes())
        {
            length++;
        }

        return length;
    }

    /// <summary>The code points, half of a surrogate pair by itself being one.</summary>
    public static int[] CodePoints(string text)
    {
        var points = new List<int>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            points.Add(char.IsSurrogatePair(text, i) ? char.ConvertToUtf32(text[i], text[++i]) : text[i]);
        }

        return [.. points];
    }

    /// <summary><c>text[:length]</c>.</summary>
    public static string Truncate(string text, int length)
    {
        var end = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (length-- <= 0)
            {
                return text[..end];
            }

            end += rune.Utf16SequenceLength;
        }

        return text;
    }

    /// <summary><c>%-<paramref name="width"/>s</c>.</summary>
    public static string PadRight(string text, int width) => text.PadRight(Padded(text, width));

    /// <summary><c>%<paramref name="width"/>s</c>.</summary>
    public static string PadLeft(string text, int width) => text.PadLeft(Padded(text, width));

    /// <summary>
    /// <c>int(text, numberBase)</c>: blanks around, a sign, single underscores between digits, any Unicode decimal digits, and for
    /// base 8 an optional <c>0o</c>. Numbers beyond 64 bits saturate.
    /// </summary>
    public static bool TryParseInt(string text, int numberBase, out long value)
    {
        value = 0;
        var s = Strip(text).AsSpan();
        var negative = s.Length > 0 && s[0] == '-';
        if (s.Length > 0 && s[0] is '-' or '+')
        {
            s = s[1..];
        }

        if (numberBase == 8 && s.Length > 1 && s[0] == '0' && s[1] is 'o' or 'O')
        {
            s = s[2..];
            if (s.Length > 0 && s[0] == '_')
            {
                s = s[1..];
            }
        }

        if (s.IsEmpty || s[0] == '_' || s[^1] == '_')
        {
            return false;
        }

        var previousUnderscore = false;
        Int128 total = 0;
        for (var i = 0; i < s.Length; i++)
        {
            if (s[i] == '_')
            {
                if (previousUnderscore)
                {
                    return false;
                }

                previousUnderscore = true;
                continue;
            }

            previousUnderscore = false;
            int digit;
            if (char.IsHighSurrogate(s[i]) && i + 1 < s.Length && char.IsLowSurrogate(s[i + 1]))
            {
                digit = DecimalDigit(new System.Text.Rune(s[i], s[i + 1]));
                i++;
            }
            else
            {
                digit = char.IsSurrogate(s[i]) ? -1 : DecimalDigit(new System.Text.Rune(s[i]));
            }

            if (digit < 0 || digit >= numberBase)
            {
                return false;
            }

            total = total * numberBase + digit;
            if (total > long.MaxValue)
            {
                total = (Int128)long.MaxValue + 1;
            }
        }

        total = negative ? -total : total;
        value = (long)Int128.Clamp(total, long.MinValue, long.MaxValue);
        return true;
    }

    private static int Padded(string text, int width) => Math.Max(0, width - Length(text)) + text.Length;

    private static int DecimalDigit(System.Text.Rune rune) =>
        System.Text.Rune.GetUnicodeCategory(rune) == System.Globalization.UnicodeCategory.DecimalDigitNumber
            ? (int)System.Text.Rune.GetNumericValue(rune)
            : -1;
}
