using System.Globalization;
using System.Text;

namespace Supervisor.Core.Configuration.Expansion;

/// <summary>Python's <c>repr()</c> of texts and bytes, as the <c>%r</c> of Supervisor's messages prints them (CFG-059).</summary>
public static class PythonRepr
{
    /// <summary>Single quotes, or double quotes when the text holds a <c>'</c> and no <c>"</c>; unprintable characters are escaped.</summary>
    public static string Of(string text)
    {
        var quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        var result = new StringBuilder(text.Length + 2).Append(quote);
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                AppendRune(result, new Rune(text[i], text[i + 1]));
                i++;
            }
            else
            {
                AppendChar(result, text[i], quote);
            }
        }

        return result.Append(quote).ToString();
    }

    /// <summary><c>b'...'</c> with every byte outside printable ASCII escaped.</summary>
    public static string OfBytes(ReadOnlySpan<byte> bytes)
    {
        var quote = bytes.Contains((byte)'\'') && !bytes.Contains((byte)'"') ? '"' : '\'';
        var result = new StringBuilder(bytes.Length + 3).Append('b').Append(quote);
        foreach (var b in bytes)
        {
            if (b is >= 0x20 and < 0x7f)
            {
                AppendChar(result, (char)b, quote);
            }
            else if (b is (byte)'\n' or (byte)'\r' or (byte)'\t')
            {
                AppendChar(result, (char)b, quote);
            }
            else
            {
                result.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
            }
        }

        return result.Append(quote).ToString();
    }

    /// <summary><c>['a', 'b']</c>.</summary>
    public static string OfList(IEnumerable<string> items) => "[" + string.Join(", ", items.Select(Of)) + "]";

    private static void AppendChar(StringBuilder result, char c, char quote)
    {
        switch (c)
        {
            case '\\':
                result.Append("\\\\");
                break;
            case '\n':
                result.Append("\\n");
                break;
            case '\r':
                result.Append("\\r");
                break;
            case '\t':
                result.Append("\\t");
                break;
            default:
                if (c == quote)
                {
                    result.Append('\\').Append(c);
                }
                else if (c < 0x20 || c == 0x7f)
                {
                    result.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}");
                }
                else if (c < 0x7f || IsPrintable(CharUnicodeInfo.GetUnicodeCategory(c)))
                {
                    result.Append(c);
                }
                else
                {
                    result.Append(c <= 0xff
                        ? string.Create(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}")
                        : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"));
                }

                break;
        }
    }

    private static void AppendRune(StringBuilder result, Rune rune)
    {
        if (IsPrintable(Rune.GetUnicodeCategory(rune)))
        {
            result.Append(rune.ToString());
        }
        else
        {
            result.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}");
        }
    }

    // str.isprintable(): everything but "Other" and "Separator"; the blank itself never gets here.
    private static bool IsPrintable(UnicodeCategory category) => category is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or
        UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or
        UnicodeCategory.ParagraphSeparator);
}
