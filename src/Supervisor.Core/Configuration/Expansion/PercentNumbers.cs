using System.Globalization;

namespace Supervisor.Core.Configuration.Expansion;

/// <summary>Digits of the numeric conversions, without padding.</summary>
internal static class PercentNumbers
{
    // More digits than any name or path can use; Python would go on to exhaust memory.
    private const int MaxPrecision = 100_000;

    public static string Integer(long value, PercentFormat.Spec spec, int numberBase, bool upper)
    {
        var magnitude = (Int128)value < 0 ? -(Int128)value : value;
        var digits = Digits(magnitude, numberBase);
        if (spec.Precision > digits.Length)
        {
            digits = digits.PadLeft(Math.Min(spec.Precision, MaxPrecision), '0');
        }

        if (spec.Alternate && numberBase != 10)
        {
            digits = (numberBase == 8 ? "0o" : "0x") + digits;
        }

        return Sign(value < 0, spec) + (upper ? digits.ToUpperInvariant() : digits);
    }

    public static string Float(long value, PercentFormat.Spec spec, char conversion)
    {
        var magnitude = Math.Abs((double)value);
        var precision = spec.Precision < 0 ? 6 : Math.Min(spec.Precision, MaxPrecision);
        var text = char.ToLowerInvariant(conversion) switch
        {
            'f' => magnitude.ToString("F" + precision.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
                + (precision == 0 && spec.Alternate ? "." : ""),
            'e' => Exponential(magnitude, precision, spec.Alternate),
            _ => General(magnitude, Math.Max(1, precision), spec.Alternate),
        };
        return Sign(value < 0, spec) + (char.IsUpper(conversion) ? text.ToUpperInvariant() : text);
    }

    private static string Sign(bool negative, PercentFormat.Spec spec) => negative ? "-" : spec.Plus ? "+" : spec.Blank ? " " : "";

    private static string Digits(Int128 value, int numberBase)
    {
        if (value == 0)
        {
            return "0";
        }

        var digits = "";
        for (; value > 0; value /= numberBase)
        {
            digits = "0123456789abcdef"[(int)(value % numberBase)] + digits;
        }

        return digits;
    }

    // C's exponent has at least two digits.
    private static string Exponential(double value, int precision, bool alternate)
    {
        var text = value.ToString("e" + precision.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var e = text.IndexOf('e', StringComparison.Ordinal);
        var exponent = int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = text[..e] + (precision == 0 && alternate ? "." : "");
        return string.Create(CultureInfo.InvariantCulture, $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }

    private static string General(double value, int precision, bool alternate)
    {
        var exponential = Exponential(value, precision - 1, alternate);
        var e = exponential.IndexOf('e', StringComparison.Ordinal);
        var exponent = int.Parse(exponential.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (exponent < -4 || exponent >= precision)
        {
            return (alternate ? exponential[..e] : TrimZeros(exponential[..e])) + exponential[e..];
        }

        var text = value.ToString("F" + (precision - 1 - exponent).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return !alternate ? TrimZeros(text) : text.Contains('.', StringComparison.Ordinal) ? text : text + ".";
    }

    private static string TrimZeros(string text) => text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : text;
}
