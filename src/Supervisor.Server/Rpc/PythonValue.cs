using System.Globalization;
using System.Text;
using Supervisor.Core.Configuration;
using Supervisor.Core.Configuration.Expansion;
using Supervisor.Core.Configuration.Options;
using Supervisor.Rpc.Contract;
using Supervisor.Rpc.Wire;

namespace Supervisor.Server.Rpc;

/// <summary>What Python makes of a value that a client has sent: its methods convert and print whatever comes.</summary>
internal static class PythonValue
{
    // Characters of what is no text, and would be printed as Python prints it.
    private const int Longest = 1024 * 1024;

    // From here on Python prints a float with an exponent.
    private const int LongestFixed = 16;

    /// <summary>
    /// <c>int()</c>: numeric texts and floats count. A fault of wrong parameters for a type that has no number, as for any call that does not fit
    /// the method.
    /// </summary>
    /// <exception cref="FormatException">No number of a type that has them: an internal error upstream, and so here.</exception>
    public static long Integer(RpcValue value) => value switch
    {
        RpcInt i => i.Value,
        RpcBool b => b.Value ? 1 : 0,
        RpcDouble { Value: var d } => double.IsFinite(d) ? (long)Math.Truncate(d) : throw new FormatException("not a finite number"),
        RpcString s => PythonText.TryParseInt(s.Value, 10, out var number) ? number : throw new FormatException($"not a number: {PythonRepr.Of(s.Value)}"),
        _ => throw new RpcFaultException(FaultCode.IncorrectParameters),
    };

    /// <summary>The number of a signal that is given as its name, as a text or as a number (RPC-053). A fault if there is none.</summary>
    /// <exception cref="FormatException">Neither a number nor a text: an internal error upstream, and so here.</exception>
    public static int Signal(RpcValue value)
    {
        if (value is not (RpcString or RpcInt or RpcBool or RpcDouble { Value: > double.NegativeInfinity and < double.PositiveInfinity }))
        {
            throw new FormatException("a signal is a text or a number");
        }

        try
        {
            return Datatypes.Signal(value is RpcString s ? s.Value : Integer(value).ToString(CultureInfo.InvariantCulture));
        }
        catch (ConfigException)
        {
            throw new RpcFaultException(FaultCode.BadSignal, Str(value));
        }
    }

    /// <summary>As <see cref="Signal"/>; worked out at once, and answered or thrown when it is asked for.</summary>
    public static Func<int> SignalLater(RpcValue value) => Later(() => Signal(value));

    /// <summary>Does it at once, and gives the result or the exception each time it is asked.</summary>
    public static Func<T> Later<T>(Func<T> work)
    {
        try
        {
            var result = work();
            return () => result;
        }
        catch (Exception e) when (e is RpcFaultException or FormatException)
        {
            return () => throw e;
        }
    }

    /// <summary><c>str()</c>.</summary>
    /// <exception cref="RpcFaultException">INCORRECT_PARAMETERS: something else than a text that prints longer than anybody needs.</exception>
    public static string Str(RpcValue value) => value switch
    {
        RpcString s => s.Value,
        RpcDateTime t => Time(t).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        _ => Repr(value),
    };

    private static string Repr(RpcValue value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    private static void Append(StringBuilder text, RpcValue value)
    {
        switch (value)
        {
            case RpcString s:
                Append(text, s.Value);
                break;
            case RpcArray a:
                text.Append('[');
                for (var i = 0; i < a.Items.Count; i++)
                {
                    text.Append(i > 0 ? ", " : "");
                    Append(text, a.Items[i]);
                }

                text.Append(']');
                break;
            case RpcStruct s:
                text.Append('{');
                var first = true;
                foreach (var (name, member) in Merged(s))
                {
                    text.Append(first ? "" : ", ");
                    first = false;
                    Append(text, name);
                    text.Append(": ");
                    Append(text, member);
                }

                text.Append('}');
                break;
            default:
                text.Append(Scalar(value));
                break;
        }

        CheckLength(text.Length);
    }

    private static void Append(StringBuilder text, string value)
    {
        CheckLength(text.Length + value.Length);
        text.Append(PythonRepr.Of(value));
    }

    private static void CheckLength(int length)
    {
        if (length > Longest)
        {
            throw new RpcFaultException(FaultCode.IncorrectParameters, "the value is too long");
        }
    }

    private static string Scalar(RpcValue value) => value switch
    {
        RpcInt i => i.Value.ToString(CultureInfo.InvariantCulture),
        RpcBool b => b.Value ? "True" : "False",
        RpcDouble d => Repr(d.Value),
        RpcDateTime t => Repr(Time(t)),
        RpcNil => "None",
        _ => throw new ArgumentException("not a value", nameof(value)),
    };

    // A dictionary: the last of two members of a name counts, in the place of the first.
    private static IEnumerable<KeyValuePair<string, RpcValue>> Merged(RpcStruct s) =>
        s.Members.GroupBy(m => m.Key, StringComparer.Ordinal).Select(g => g.Last());

    private static string Repr(DateTime t) => string.Create(CultureInfo.InvariantCulture,
        $"datetime.datetime({t.Year}, {t.Month}, {t.Day}, {t.Hour}, {t.Minute}{(t.Second > 0 ? ", " + t.Second.ToString(CultureInfo.InvariantCulture) : "")})");

    private static DateTime Time(RpcDateTime t) => DateTime.ParseExact(t.Value, "yyyyMMdd'T'HH:mm:ss", CultureInfo.InvariantCulture);

    // The shortest digits that read back as the same number, as in .NET; where the point stands is Python's.
    private static string Repr(double number)
    {
        if (!double.IsFinite(number))
        {
            return double.IsNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
        }

        var scientific = number.ToString("E16", CultureInfo.InvariantCulture);
        var shortest = number.ToString("R", CultureInfo.InvariantCulture);
        var mantissa = shortest.Split('E')[0].TrimStart('-');
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal).Trim('0');
        digits = digits.Length == 0 ? "0" : digits;
        var exponent = int.Parse(scientific.AsSpan(scientific.IndexOf('E', StringComparison.Ordinal) + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return (double.IsNegative(number) ? "-" : "") + exponent switch
        {
            < -4 or >= LongestFixed => digits[..1] + (digits.Length > 1 ? "." + digits[1..] : "")
                + string.Create(CultureInfo.InvariantCulture, $"e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}"),
            < 0 => "0." + new string('0', -exponent - 1) + digits,
            _ when digits.Length <= exponent + 1 => digits.PadRight(exponent + 1, '0') + ".0",
            _ => digits[..(exponent + 1)] + "." + digits[(exponent + 1)..],
        };
    }
}
