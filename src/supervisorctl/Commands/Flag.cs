using System.Globalization;

namespace Supervisor.Ctl.Commands;

/// <summary>Options of a command that Python's supervisorctl does not have; they may stand anywhere among its arguments.</summary>
internal static class Flag
{
    /// <summary>Takes <c>--name</c> out of the words.</summary>
    public static bool Take(ref string[] words, string name)
    {
        var count = words.Length;
        words = [.. words.Where(w => w != name)];
        return words.Length < count;
    }

    /// <summary>Takes <c>--name=SECONDS</c> or <c>--name SECONDS</c> out of the words; null when it is not there.</summary>
    /// <exception cref="FormatException">It has no value that is a time; the message says so.</exception>
    public static TimeSpan? TakeSeconds(ref string[] words, string name)
    {
        var at = Array.FindIndex(words, w => w == name || w.StartsWith(name + "=", StringComparison.Ordinal));
        if (at < 0)
        {
            return null;
        }

        var joined = words[at].Length > name.Length;
        var value = joined ? words[at][(name.Length + 1)..] : words.ElementAtOrDefault(at + 1);
        words = [.. words[..at], .. words.Skip(joined ? at + 1 : at + 2)];
        return double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 1e9
            ? TimeSpan.FromSeconds(seconds)
            : throw new FormatException($"Error: {name} requires a number of seconds");
    }
}
