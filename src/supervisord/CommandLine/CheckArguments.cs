using Supervisor.Core.CommandLine;
using Supervisor.Core.Configuration.Expansion;

namespace Supervisor.Daemon.CommandLine;

/// <summary><c>--check [-c] FILE... [--strict] [--json]</c>: a command line of its own, since it takes several files.</summary>
internal sealed class CheckArguments
{
    private const string Option = "--check";

    private CheckArguments(IReadOnlyList<string?> files, bool strict, bool json)
    {
        Files = files;
        Strict = strict;
        Json = json;
    }

    /// <summary>As given; a single null searches the default places.</summary>
    public IReadOnlyList<string?> Files { get; }

    /// <summary>Warnings count for the exit status.</summary>
    public bool Strict { get; }

    /// <summary>Print for machines.</summary>
    public bool Json { get; }

    /// <summary>No option of Python Supervisor is spelt or abbreviated like this.</summary>
    public static bool IsAskedFor(IEnumerable<string> args) => args.Contains(Option);

    /// <exception cref="UsageException">Something else than files and the options of a check.</exception>
    public static CheckArguments Parse(IReadOnlyList<string> args)
    {
        var files = new List<string?>();
        var (strict, json) = (false, false);
        for (var i = 0; i < args.Count; i++)
        {
            var argument = args[i];
            switch (argument)
            {
                case Option:
                    break;
                case "--strict":
                    strict = true;
                    break;
                case "--json":
                    json = true;
                    break;
                case "-c" or "--configuration":
                    files.Add(++i < args.Count ? args[i] : throw new UsageException($"option {argument} requires argument"));
                    break;
                case var _ when argument.StartsWith("--configuration=", StringComparison.Ordinal):
                    files.Add(argument["--configuration=".Length..]);
                    break;
                case var _ when argument.StartsWith('-'):
                    throw new UsageException($"option {argument} does not go with {Option}: only -c FILE, --strict and --json do");
                default:
                    files.Add(argument);
                    break;
            }
        }

        if (files.FirstOrDefault(f => f is { Length: 0 }) is not null)
        {
            throw new UsageException($"no file is called {PythonRepr.Of("")}");
        }

        return new CheckArguments(files.Count > 0 ? files : [null], strict, json);
    }
}
