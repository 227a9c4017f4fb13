using Supervisor.Core.Configuration.Loading;
using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Configuration.Options;
using Supervisor.Core.Ports;
using Supervisor.Core.Processes;

namespace Supervisor.Core.Configuration.Checking;

/// <summary>Programs that will not start, or not do what it looks like: nothing of this is refused.</summary>
internal static class ProcessLint
{
    private static readonly string[] s_shellWords = ["&&", "||", "|", ";", "&", ">", ">>", "<", "2>", "2>&1"];

    public static void Check(LoadContext load, DaemonConfig config, IFileSystem files)
    {
        var logs = new Dictionary<string, ProcessConfig>(StringComparer.Ordinal);
        foreach (var group in config.Groups)
        {
            foreach (var process in group.Processes)
            {
                CheckCommand(load, process, files);
                if (process.Directory is { } directory && !load.Host.DirectoryExists(directory))
                {
                    load.Findings!.Warning(
                        $"{directory} is not an existing directory: the program cannot start", process.Section, ProgramOptions.Directory.Name);
                }

                CheckLog(load, logs, process, process.Stdout, ProgramOptions.Stdout);
                CheckLog(load, logs, process, process.Stderr, ProgramOptions.Stderr);
            }

            foreach (var twins in group.Processes.GroupBy(p => p.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
            {
                load.Findings!.Warning($"several processes of group {group.Name} are called {twins.Key}: only one of them runs",
                    twins.Last().Section, ProgramOptions.ProcessName.Name);
            }
        }

        foreach (var twins in config.Groups.GroupBy(g => g.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            var made = string.Join(", ", twins.First().Processes.Select(p => p.Name));
            foreach (var other in twins.Skip(1))
            {
                load.Findings!.Warning(
                    $"several groups are called {twins.Key}: only the first in order of priority is made, with the processes {made}",
                    other.Processes.FirstOrDefault()?.Section);
            }
        }
    }

    private static void CheckCommand(LoadContext load, ProcessConfig process, IFileSystem files)
    {
        var command = CommandLookup.Resolve(process.Command, process.Environment, load.Host.Environment, files, out var problem);
        if (command is null)
        {
            load.Findings!.Warning($"the program cannot start: {problem!.Message}", process.Section, ProgramOptions.Command.Name);
        }
        else if (command.Arguments.FirstOrDefault(w => s_shellWords.Contains(w)) is { } word)
        {
            load.Findings!.Warning($"{word} is an argument like any other: no shell runs the command; use sh -c \"...\"",
                process.Section, ProgramOptions.Command.Name);
        }
    }

    private static void CheckLog(
        LoadContext load, Dictionary<string, ProcessConfig> logs, ProcessConfig process, ChannelConfig channel, ProgramOptions.ChannelRows rows)
    {
        if (channel.LogFile is not { Kind: LogTargetKind.File, Path: { } path } || path.StartsWith("/dev/", StringComparison.Ordinal) || channel.MaxBytes <= 0)
        {
            return;
        }

        if (!logs.TryAdd(path, process))
        {
            load.Findings!.Warning($"{path} is also the log of process {logs[path].Name}: rotation will mix them up and lose lines",
                process.Section, rows.LogFile.Name);
        }
    }
}
