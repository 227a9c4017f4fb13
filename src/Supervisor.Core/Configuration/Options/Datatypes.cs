using System.Buffers.Text;
using System.Globalization;
using Supervisor.Core.Configuration.Expansion;
using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Processes;

namespace Supervisor.Core.Configuration.Options;

/// <summary>Converters of option texts that need nothing from the machine (OPT-001..010, OPT-022, OPT-023). All throw <see cref="ConfigException"/>.</summary>
internal static class Datatypes
{
    public static int Integer(string text) => (int)Math.Clamp(Long(text), int.MinValue, int.MaxValue);

    public static long Long(string text) => PythonText.TryParseInt(text, 10, out var value)
        ? value
        : throw new ConfigException($"invalid literal for int() with base 10: {PythonRepr.Of(text)}");

    public static bool Boolean(string text) => text.ToLowerInvariant() switch
    {
        "yes" or "true" or "on" or "1" => true,
        "no" or "false" or "off" or "0" => false,
        _ => throw new ConfigException($"not a valid boolean value: {PythonRepr.Of(text)}"),
    };

    /// <summary>Bytes, with an optional suffix KB, MB or GB.</summary>
    public static long ByteSize(string text)
    {
        var lower = text.ToLowerInvariant();
        var (digits, unit) = lower switch
        {
            _ when lower.EndsWith("kb", StringComparison.Ordinal) => (lower[..^2], 1024L),
            _ when lower.EndsWith("mb", StringComparison.Ordinal) => (lower[..^2], 1024L * 1024),
            _ when lower.EndsWith("gb", StringComparison.Ordinal) => (lower[..^2], 1024L * 1024 * 1024),
            _ => (lower, 1L),
        };
        var product = (Int128)Long(digits) * unit;
        return (long)Int128.Clamp(product, long.MinValue, long.MaxValue);
    }

    /// <summary>Clear text or one of the hashed forms. What is wrong is told without the text.</summary>
    public static string Password(string text)
    {
        const string prefix = "{PBKDF2-SHA256}";
        if (!text.StartsWith("{PBKDF2", StringComparison.Ordinal))
        {
            return text;
        }

        var parts = text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..].Split('$') : [];
        return parts.Length == 3 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
            && iterations is > 0 and <= 10_000_000 && IsBase64(parts[1]) && Base64.IsValid(parts[2], out var hash) && hash == 32
            ? text
            : throw new ConfigException($"a password that begins with {{PBKDF2 must be {prefix}ITERATIONS$SALT$HASH, as supervisord --hash-password prints it");

        static bool IsBase64(string part) => Base64.IsValid(part, out var length) && length is > 0 and <= 1024;
    }

    /// <summary>A number above 0.</summary>
    public static int Count(string text) => Integer(text) is > 0 and var number
        ? number
        : throw new ConfigException($"not a number above 0: {PythonRepr.Of(text)}");

    /// <summary>A number of bytes above 0, at most 1 GB: it must fit into memory.</summary>
    public static long Size(string text) => ByteSize(text) is > 0 and <= 1024 * 1024 * 1024 and var size
        ? size
        : throw new ConfigException($"not a size between 1 and 1GB: {PythonRepr.Of(text)}");

    public static int Octal(string text) => PythonText.TryParseInt(text, 8, out var value)
        ? (int)Math.Clamp(value, int.MinValue, int.MaxValue)
        : throw new ConfigException($"{text} can not be converted to an octal type");

    public static int Signal(string text)
    {
        if (!PythonText.TryParseInt(text, 10, out var number))
        {
            number = SignalNames.Find(PythonText.Strip(text).ToUpperInvariant())
                ?? throw new ConfigException($"value {PythonRepr.Of(text)} is not a valid signal name");
        }

        return SignalNames.IsValidNumber(number)
            ? (int)number
            : throw new ConfigException($"value {PythonRepr.Of(text)} is not a valid signal number");
    }

    public static IReadOnlyList<int> ExitCodes(string text)
    {
        if (text.Length == 0)
        {
            return [];
        }

        var codes = new List<int>();
        foreach (var item in text.Split(','))
        {
            if (!PythonText.TryParseInt(item, 10, out var code) || code is < 0 or > 255)
            {
                throw new ConfigException($"not a valid list of exit codes: {PythonRepr.Of(text)}");
            }

            codes.Add((int)code);
        }

        return codes;
    }

    public static AutoRestart AutoRestart(string text)
    {
        var lower = text.ToLowerInvariant();
        return lower switch
        {
            "yes" or "true" or "on" or "1" => Model.AutoRestart.Always,
            "no" or "false" or "off" or "0" => Model.AutoRestart.Never,
            "unexpected" => Model.AutoRestart.Unexpected,
            _ => throw new ConfigException($"invalid 'autorestart' value {PythonRepr.Of(lower)}"),
        };
    }

    /// <summary>Comma list with trimmed items; empty items are kept (OPT-008).</summary>
    public static IReadOnlyList<string> Strings(string text) =>
        text.Length == 0 ? [] : [.. text.Split(',').Select(PythonText.Strip)];

    /// <summary>A program, group or process name (OPT-010).</summary>
    public static string Name(string text)
    {
        var name = PythonText.Strip(text);
        foreach (var character in " :/")
        {
            if (name.Contains(character))
            {
                throw new ConfigException($"Invalid name: {PythonRepr.Of(text)} because of character: {PythonRepr.Of(character.ToString())}");
            }
        }

        return name;
    }

    public static LogLevel LogLevel(string text) => text.ToLowerInvariant() switch
    {
        "critical" => Model.LogLevel.Critical,
        "error" => Model.LogLevel.Error,
        "warn" => Model.LogLevel.Warn,
        "info" => Model.LogLevel.Info,
        "debug" => Model.LogLevel.Debug,
        "trace" => Model.LogLevel.Trace,
        "blather" => Model.LogLevel.Blather,
        _ => throw new ConfigException($"bad logging level name {PythonRepr.Of(text)}"),
    };

    /// <summary>Host (empty for any) and port (OPT-023).</summary>
    public static (string Host, int Port) InetAddress(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0)
        {
            try
            {
                return ("", Port(text));
            }
            catch (ConfigException)
            {
                throw new ConfigException($"not a valid port number: {PythonRepr.Of(text)} ");
            }
        }

        var port = text[(colon + 1)..];
        if (port.Length == 0)
        {
            throw new ConfigException($"no port number specified in {PythonRepr.Of(port)}");
        }

        var number = Port(port);
        var host = text[..colon].ToLowerInvariant();
        return (host == "*" ? "" : host, number);
    }

    public static int Port(string text)
    {
        var number = Long(text);
        return number switch
        {
            < 1 => throw new ConfigException(string.Create(CultureInfo.InvariantCulture, $"{number} is below lower bound (1)")),
            > 65535 => throw new ConfigException(string.Create(CultureInfo.InvariantCulture, $"{number} is above upper bound (65535)")),
            _ => (int)number,
        };
    }
}
