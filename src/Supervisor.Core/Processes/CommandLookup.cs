using Supervisor.Core.Configuration.Expansion;
using Supervisor.Core.Engine;
using Supervisor.Core.Ports;

namespace Supervisor.Core.Processes;

/// <summary>A command that can be executed: the resolved file, and argv with the first word as written (SPN-007).</summary>
internal sealed record ResolvedCommand(string FileName, IReadOnlyList<string> Arguments);

/// <summary>Splits a command and finds its program before anything is spawned (SPN-001..006, SPN-020).</summary>
internal static class CommandLookup
{
    private const string DefaultPath = "/bin:/usr/bin:/usr/local/bin";

    /// <param name="command">Expanded <c>command=</c>.</param>
    /// <param name="programEnvironment">The program's merged environment; its PATH wins (SPN-005).</param>
    /// <param name="daemonEnvironment">The daemon's own.</param>
    /// <param name="files">The file system as the daemon sees it.</param>
    /// <param name="problem">Why not, when the answer is null.</param>
    public static ResolvedCommand? Resolve(
        string command, IReadOnlyDictionary<string, string> programEnvironment, IReadOnlyDictionary<string, string> daemonEnvironment,
        IFileSystem files, out CommandProblem? problem)
    {
        IReadOnlyList<string> words;
        try
        {
            words = ShellWords.Split(command);
        }
        catch (ShellWordsException e)
        {
            problem = NotExecutable($"can't parse command {PythonRepr.Of(command)}: {e.Message}");
            return null;
        }

        if (words.Count == 0)
        {
            problem = NotExecutable("command is empty");
            return null;
        }

        var (fileName, status) = Find(words[0], programEnvironment, daemonEnvironment, files);
        problem = Check(fileName, status, files);
        return problem is null ? new ResolvedCommand(fileName, words) : null;
    }

    private static (string FileName, FileStatus? Status) Find(
        string program, IReadOnlyDictionary<string, string> programEnvironment, IReadOnlyDictionary<string, string> daemonEnvironment,
        IFileSystem files)
    {
        if (program.Contains('/'))
        {
            return (program, files.Stat(program));
        }

        var path = programEnvironment.GetValueOrDefault("PATH") ?? daemonEnvironment.GetValueOrDefault("PATH") ?? DefaultPath;
        foreach (var directory in path.Split(':'))
        {
            // The first directory that has anything of that name ends the search, executable or not (SPN-006).
            var candidate = PosixPath.Join(directory, program);
            if (files.Stat(candidate) is { } status)
            {
                return (candidate, status);
            }
        }

        return (program, null);
    }

    private static CommandProblem? Check(string fileName, FileStatus? status, IFileSystem files)
    {
        if (status is not { } found)
        {
            return new CommandProblem(CommandProblemKind.NotFound, $"can't find command {PythonRepr.Of(fileName)}");
        }

        if (found.IsDirectory)
        {
            return NotExecutable($"command at {PythonRepr.Of(fileName)} is a directory");
        }

        const int anyExecuteBit = 0x49; // 0111
        if ((found.Mode & anyExecuteBit) == 0)
        {
            return NotExecutable($"command at {PythonRepr.Of(fileName)} is not executable");
        }

        return files.CanExecute(fileName) ? null : NotExecutable($"no permission to run command {PythonRepr.Of(fileName)}");
    }

    private static CommandProblem NotExecutable(string message) => new(CommandProblemKind.NotExecutable, message);
}
