using Supervisor.Core.Configuration.Expansion;

namespace Supervisor.Core.CommandLine;

/// <summary>argv[0] as usage texts and the search for a configuration see it.</summary>
public static class ProgramName
{
    /// <summary>A bare name is looked up in PATH, which is the path a script would have been given by the kernel.</summary>
    public static string Resolve(string argv0, IReadOnlyDictionary<string, string> environment, Func<string, bool> exists)
    {
        if (argv0.Contains('/'))
        {
            return argv0;
        }

        return (environment.GetValueOrDefault("PATH") ?? "").Split(':')
            .Where(d => d.Length > 0)
            .Select(d => PosixPath.Join(d, argv0))
            .FirstOrDefault(exists) ?? argv0;
    }
}
