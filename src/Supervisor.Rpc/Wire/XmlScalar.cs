using System.Globalization;
using System.Text;

namespace Supervisor.Rpc.Wire;

/// <summary>The text of a simple value, read as Python reads it.</summary>
internal static class XmlScalar
{
    public static long Integer(string? text)
    {
        var digits = (text ?? "").AsSpan().Trim();
        var negative = digits.StartsWith("-");
        if (negative || digits.StartsWith("+"))
        {
            digits = digits[1..];
        }

        if (digits.IsEmpty)
        {
            throw new XmlRpcFormatException("bad int");
        }

        // Beyond 64 bits no parameter has a meaning; the nearest that fits behaves the same.
        Int128 number = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            if (IsSeparator(digits, i))
            {
                continue;
            }

            if (!char.IsDigit(digits[i]))
            {
                throw new XmlRpcFormatException("bad int");
            }

            number = Int128.Min(number * 10 + (int)char.GetNumericValue(digits[i]), (Int128)long.MaxValue + 1);
        }

        return (long)Int128.Max(long.MinValue, Int128.Min(long.MaxValue, negative ? -number : number));
    }

    // An underscore between two digits.
    private static bool IsSeparator(ReadOnlySpan<char> text, int at) =>
        text[at] == '_' && at > 0 && at + 1 < text.Length && char.IsDigit(text[at - 1]) && char.IsDigit(text[at + 1]);

    public static double Double(string? text) => text?.Trim().ToLowerInvariant() switch
    {
        "inf" or "+inf" or "infinity" or "+infinity" => double.PositiveInfinity,
        "-inf" or "-infinity" => double.NegativeInfinity,
        _ => Finite(text),
    };

    private static double Finite(string? text)
    {
        var number = text?.Trim() ?? "";
        if (number.Contains('_', StringComparison.Ordinal))
        {
            // In one pass, and not in a pooled array: a client may send megabytes of them.
            var digits = new StringBuilder(number.Length);
            for (var i = 0; i < number.Length; i++)
            {
                if (!IsSeparator(number, i))
                {
                    digits.Append(number[i]);
                }
            }

            number = digits.ToString();
        }

        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : throw new XmlRpcFormatException("bad double");
    }

    /// <summary><c>yyyyMMddTHH:mm:ss</c>, where the last three may come with one digit.</summary>
    public static string DateTime(string? text) =>
        System.DateTime.TryParseExact(text, "yyyyMMdd'T'H:m:s", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time.ToString("yyyyMMdd'T'HH:mm:ss", CultureInfo.InvariantCulture)
            : throw new XmlRpcFormatException("bad dateTime");

    public static string Base64(string text)
    {
        try
        {
            return LenientBase64.Text(text);
        }
        catch (FormatException)
        {
            throw new XmlRpcFormatException("bad base64");
        }
    }
}
