using Supervisor.Core.Configuration.Expansion;
using Supervisor.Core.Ports;

namespace Supervisor.Core.Output;

/// <summary>Log files whose name is AUTO: made when a group is added, cleaned up at the next start (LOG-002, LOG-005, DMN-016).</summary>
public static class AutoLogFiles
{
    /// <summary>Makes an empty file, mode 0600, and returns its path.</summary>
    /// <exception cref="PosixException">The directory does not take it.</exception>
    public static string Create(IFileSystem files, string directory, string processName, OutputChannel channel, string identifier) =>
        files.CreateUnique(
            directory, $"{processName}-{(channel == OutputChannel.Stdout ? "stdout" : "stderr")}---{identifier}-", ".log");

    /// <summary>Removes what earlier runs under the same identifier left behind, backups included.</summary>
    public static void Clean(IFileSystem files, string directory, string identifier, IActivityLog log)
    {
        IReadOnlyList<string> names;
        try
        {
            names = files.List(directory);
        }
        catch (PosixException)
        {
            log.Warn("Could not clear childlog dir");
            return;
        }

        foreach (var name in names)
        {
            if (!IsAutoLog(name, identifier))
            {
                continue;
            }

            var path = PosixPath.Join(directory, name);
            try
            {
                files.Unlink(path);
            }
            catch (PosixException)
            {
                log.Warn($"Failed to clean up {PythonRepr.Of(path)}");
            }
        }
    }

    // Upstream's expression is .+?---IDENTIFIER-\S+\.log\.?\d{0,4}, matched at the start only; the identifier is taken literally here.
    internal static bool IsAutoLog(string name, string identifier)
    {
        var marker = $"---{identifier}-";
        for (var at = name.IndexOf(marker, 1, StringComparison.Ordinal); at >= 0;
            at = name.IndexOf(marker, at + 1, StringComparison.Ordinal))
        {
            var rest = name[(at + marker.Length)..];
            var blank = rest.AsSpan().IndexOfAny(" \t\n\r\f\v");
            if (blank >= 0)
            {
                rest = rest[..blank];
            }

            if (rest.IndexOf(".log", Math.Min(1, rest.Length), StringComparison.Ordinal) >= 0)
            {
                return true;
            }
        }

        return false;
    }
}
