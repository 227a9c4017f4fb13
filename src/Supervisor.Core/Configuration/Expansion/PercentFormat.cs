using System.Globalization;
using System.Text;

namespace Supervisor.Core.Configuration.Expansion;

/// <summary>
/// Python's <c>format % mapping</c>: <c>%[(name)][flags][width][.precision][length]conversion</c> with flags <c>-+ #0</c> and the
/// conversions <c>diouxXeEfFgGcrsa%</c> (CFG-025..031).
/// </summary>
internal static class PercentFormat
{
    private const int MaxDigits = int.MaxValue;

    /// <exception cref="UnknownNameException">A name that is not in scope.</exception>
    /// <exception cref="FormatTextException">A malformed conversion.</exception>
    public static string Format(string format, ExpansionScope scope)
    {
        var result = new StringBuilder(format.Length + 32);
        var argument = new Argument(scope);
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                result.Append(format[i]);
                continue;
            }

            i++;
            if (i < format.Length && format[i] == '%')
            {
                result.Append('%');
                continue;
            }

            if (i < format.Length && format[i] == '(')
            {
                var name = ReadName(format, ref i);
                argument = new Argument(scope.TryGet(name, out var value) ? value : throw new UnknownNameException(name));
            }

            var spec = Spec.Read(format, ref i, argument);
            if (i >= format.Length)
            {
                throw new FormatTextException("incomplete format");
            }

            result.Append(Convert(argument.Take(), spec, format, i));
        }

        return result.ToString();
    }

    /// <summary><c>str()</c> of a value in scope.</summary>
    public static string Text(object value) => value switch
    {
        string s => s,
        long n => n.ToString(CultureInfo.InvariantCulture),
        ExpansionScope scope => scope.Repr(),
        _ => throw new ArgumentException("not a value of an expansion scope", nameof(value)),
    };

    private static string ReadName(string format, ref int i)
    {
        var start = ++i;
        var depth = 1;
        for (; i < format.Length; i++)
        {
            if (format[i] == '(')
            {
                depth++;
            }
            else if (format[i] == ')' && --depth == 0)
            {
                return format[start..i++];
            }
        }

        throw new FormatTextException("incomplete format key");
    }

    private static string Convert(object value, Spec spec, string format, int at)
    {
        var conversion = format[at];
        switch (conversion)
        {
            case 's':
                return spec.PadText(Truncate(Text(value), spec.Precision));
            case 'r' or 'a':
                var repr = value is string s ? PythonRepr.Of(s) : Text(value);
                return spec.PadText(Truncate(conversion == 'a' ? ToAscii(repr) : repr, spec.Precision));
            case 'd' or 'i' or 'u':
                return spec.PadNumber(PercentNumbers.Integer(Number(value, $"%{conversion} format: a real number is required, not "), spec, 10, false));
            case 'o' or 'x' or 'X':
                var number = Number(value, $"%{conversion} format: an integer is required, not ");
                return spec.PadNumber(PercentNumbers.Integer(number, spec, conversion == 'o' ? 8 : 16, conversion == 'X'));
            case 'e' or 'E' or 'f' or 'F' or 'g' or 'G':
                return spec.PadNumber(PercentNumbers.Float(Number(value, "must be real number, not "), spec, conversion));
            case 'c':
                return spec.PadText(Character(value));
            default:
                var code = char.IsSurrogatePair(format, at) ? char.ConvertToUtf32(format, at) : conversion;
                throw new FormatTextException(string.Create(CultureInfo.InvariantCulture,
                    $"unsupported format character '{(code is >= 0x1f and < 0x7f ? conversion : '?')}' (0x{code:x}) at index {PythonText.Length(format.AsSpan(0, at))}"));
        }
    }

    private static long Number(object value, string refusal) => value switch
    {
        long n => n,
        string => throw new FormatTextException(refusal + "str"),
        _ => throw new FormatTextException(refusal + "dict"),
    };

    private static string Character(object value)
    {
        if (value is string s && s.EnumerateRunes().Count() == 1)
        {
            return s;
        }

        if (value is long n)
        {
            return n is >= 0 and < 0x110000
                ? Rune.IsValid((int)n) ? new Rune((int)n).ToString() : ((char)n).ToString()
                : throw new FormatTextException("%c arg not in range(0x110000)");
        }

        throw new FormatTextException("%c requires int or char");
    }

    private static string Truncate(string text, int precision) => precision >= 0 ? PythonText.Truncate(text, precision) : text;

    private static string ToAscii(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            result.Append(rune.Value switch
            {
                < 0x80 => rune.ToString(),
                <= 0xff => string.Create(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"),
                <= 0xffff => string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
                _ => string.Create(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}"),
            });
        }

        return result.ToString();
    }

    /// <summary>What the conversions take: the value of a name, or the whole table where none is named, and once only (CFG-028).</summary>
    internal sealed class Argument(object value)
    {
        private bool _taken;

        public object Take()
        {
            if (_taken)
            {
                throw new FormatTextException("not enough arguments for format string");
            }

            _taken = true;
            return value;
        }
    }

    /// <summary>Flags, width and precision of one conversion.</summary>
    internal readonly record struct Spec(bool Left, bool Plus, bool Blank, bool Alternate, bool Zero, int Width, int Precision)
    {
        /// <param name="argument">What a <c>*</c> takes, which leaves nothing to convert.</param>
        public static Spec Read(string format, ref int i, Argument argument)
        {
            var (left, plus, blank, alternate, zero) = (false, false, false, false, false);
            for (; i < format.Length && format[i] is '-' or '+' or ' ' or '#' or '0'; i++)
            {
                left |= format[i] == '-';
                plus |= format[i] == '+';
                blank |= format[i] == ' ';
                alternate |= format[i] == '#';
                zero |= format[i] == '0';
            }

            var width = ReadNumber(format, ref i, argument, "width too big");
            var precision = -1;
            if (i < format.Length && format[i] == '.')
            {
                i++;
                precision = Math.Max(0, ReadNumber(format, ref i, argument, "precision too big"));
            }

            if (i < format.Length && format[i] is 'h' or 'l' or 'L')
            {
                i++;
            }

            return new Spec(left, plus, blank, alternate, zero, Math.Max(0, width), precision);
        }

        public string PadText(string text) => Left ? PythonText.PadRight(text, Width) : PythonText.PadLeft(text, Width);

        public string PadNumber(string text)
        {
            if (Left || !Zero || text.Length >= Width)
            {
                return PadText(text);
            }

            // Zeros go between the sign or base prefix and the digits.
            var digits = text[0] is '-' or '+' or ' ' ? 1 : 0;
            if (text.Length > digits + 1 && text[digits] == '0' && text[digits + 1] is 'x' or 'X' or 'o')
            {
                digits += 2;
            }

            return text[..digits] + new string('0', Width - text.Length) + text[digits..];
        }

        private static int ReadNumber(string format, ref int i, Argument argument, string tooBig)
        {
            if (i < format.Length && format[i] == '*')
            {
                i++;
                return argument.Take() is long ? 0 : throw new FormatTextException("* wants int");
            }

            var value = -1L;
            for (; i < format.Length && char.IsAsciiDigit(format[i]); i++)
            {
                value = Math.Max(value, 0) * 10 + (format[i] - '0');
                if (value > MaxDigits)
                {
                    throw new FormatTextException(tooBig);
                }
            }

            return (int)value;
        }
    }
}
