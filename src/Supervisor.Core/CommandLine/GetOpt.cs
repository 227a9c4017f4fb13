namespace Supervisor.Core.CommandLine;

/// <summary>The command line is refused; the text goes behind <c>Error: </c> (CLI-002..004).</summary>
public sealed class UsageException(string message) : Exception(message);

/// <summary>Classic getopt: options end at the first argument that is none, short flags bundle, long names may be shortened (CLI-001).</summary>
public static class GetOpt
{
    /// <param name="shortOptions">Letters; a following colon means "takes a value".</param>
    /// <param name="longOptions">Names; a trailing <c>=</c> means "takes a value".</param>
    public static (List<(string Option, string Value)> Options, string[] Remaining) Parse(string[] args, string shortOptions, string[] longOptions)
    {
        var found = new List<(string, string)>();
        var index = 0;
        while (index < args.Length && args[index].StartsWith('-') && args[index] != "-")
        {
            var arg = args[index++];
            if (arg == "--")
            {
                break;
            }

            if (arg.StartsWith("--", StringComparison.Ordinal))
            {
                found.Add(Long(arg[2..], longOptions, args, ref index));
            }
            else
            {
                Short(arg[1..], shortOptions, args, ref index, found);
            }
        }

        return (found, args[index..]);
    }

    private static (string, string) Long(string text, string[] longOptions, string[] args, ref int index)
    {
        var equals = text.IndexOf('=');
        var typed = equals < 0 ? text : text[..equals];
        var value = equals < 0 ? null : text[(equals + 1)..];

        var option = Match(typed, longOptions);
        var name = option.TrimEnd('=');
        if (option.EndsWith('='))
        {
            value ??= index < args.Length ? args[index++] : throw new UsageException($"option --{name} requires argument");
        }
        else if (value is not null)
        {
            throw new UsageException($"option --{name} must not have an argument");
        }

        return ("--" + name, value ?? "");
    }

    private static string Match(string typed, string[] longOptions)
    {
        var candidates = longOptions.Where(o => o.StartsWith(typed, StringComparison.Ordinal)).ToArray();
        return candidates.FirstOrDefault(o => o.TrimEnd('=') == typed) ?? candidates.Length switch
        {
            0 => throw new UsageException($"option --{typed} not recognized"),
            1 => candidates[0],
            _ => throw new UsageException($"option --{typed} not a unique prefix"),
        };
    }

    private static void Short(string letters, string shortOptions, string[] args, ref int index, List<(string, string)> found)
    {
        while (letters.Length > 0)
        {
            var letter = letters[0];
            letters = letters[1..];
            var at = letter == ':' ? -1 : shortOptions.IndexOf(letter);
            if (at < 0)
            {
                throw new UsageException($"option -{letter} not recognized");
            }

            var value = "";
            if (at + 1 < shortOptions.Length && shortOptions[at + 1] == ':')
            {
                if (letters.Length == 0 && index >= args.Length)
                {
                    throw new UsageException($"option -{letter} requires argument");
                }

                value = letters.Length > 0 ? letters : args[index++];
                letters = "";
            }

            found.Add(("-" + letter, value));
        }
    }
}
