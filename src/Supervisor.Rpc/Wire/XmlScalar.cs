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
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit(digit))
            {
                throw new XmlRpcFormatException("bad int");
            }

            number = Int128.Min(number * 10 + (digit - '0'), (Int128)long.MaxValue + 1);
        }

        return (long)Int128.Max(long.MinValue, Int128.Min(long.MaxValue, negative ? -number : number));
    }

    public static double Double(string? text) => text?.Trim().ToLowerInvariant() switch
    {
        "inf" or "+inf" or "infinity" or "+infinity" => double.PositiveInfinity,
        "-inf" or "-infinity" => double.NegativeInfinity,
        _ => Finite(text),
    };

    private static double Finite(string? text) =>
        double.TryParse(text?.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new XmlRpcFormatException("bad double");

    public static string DateTime(string? text) =>
        System.DateTime.TryParseExact(text, "yyyyMMdd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            ? text!
            : throw new XmlRpcFormatException("bad dateTime");

    public static string Base64(string text)
    {
        // Python skips what is not in the alphabet.
        var clean = string.Concat(text.Where(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '='));
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(System.Convert.FromBase64String(clean));
        }
        catch (Exception e) when (e is FormatException or DecoderFallbackException)
        {
            throw new XmlRpcFormatException("bad base64");
        }
    }
}
