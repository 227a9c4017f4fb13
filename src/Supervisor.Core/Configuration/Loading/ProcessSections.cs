using Supervisor.Core.Configuration.Expansion;
using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Configuration.Options;

namespace Supervisor.Core.Configuration.Loading;

/// <summary>
/// The processes of a <c>[program:x]</c>, <c>[fcgi-program:x]</c> or <c>[eventlistener:x]</c> (OPT-080..098), one for each process number.
/// </summary>
internal sealed class ProcessSections(LoadContext load, IReadOnlyDictionary<string, string> daemonEnvironment)
{
    /// <summary>In stored order: by priority, then name. Errors name the section and its file (CFG-055).</summary>
    public IReadOnlyList<ProcessConfig> Read(string section, string groupName, ProcessKind kind)
    {
        try
        {
            return [.. ReadSection(section, groupName, kind).OrderBy(p => p.Priority).ThenBy(p => p.Name, CodePointOrder.Comparer)];
        }
        catch (ConfigException e) when (load.Findings is null)
        {
            var file = load.Document.Find(section)!.IncludedFrom ?? load.File;
            throw new ConfigException($"{e.Message} in section {PythonRepr.Of(section)} (file: {PythonRepr.Of(file)})", e);
        }
    }

    private List<ProcessConfig> ReadSection(string section, string groupName, ProcessKind kind)
    {
        var programName = Datatypes.Name(LoadContext.Suffix(section));
        // One scope for the whole section: what process N defines stays visible for N+1 (CFG-035).
        var scope = load.CommonScope()
            .Set("program_name", programName).Set("host_node_name", load.Host.HostName).Set("group_name", groupName);
        var reader = load.Section(section, scope);

        var priority = reader.Get(ProgramOptions.Priority);
        var autoStart = reader.Get(ProgramOptions.AutoStart);
        var autoRestart = reader.Get(ProgramOptions.AutoRestart);
        var startSecs = reader.Get(ProgramOptions.StartSecs);
        var startRetries = reader.Get(ProgramOptions.StartRetries);
        var stopSignal = reader.Get(ProgramOptions.StopSignal);
        var stopWaitSecs = reader.Get(ProgramOptions.StopWaitSecs);
        var stopAsGroup = reader.Get(ProgramOptions.StopAsGroup);
        var killAsGroup = reader.Get(ProgramOptions.KillAsGroup) ?? stopAsGroup;
        var exitCodes = reader.Get(ProgramOptions.ExitCodes);
        var redirectStderr = reader.Get(ProgramOptions.RedirectStderr);
        var numProcs = reader.Get(ProgramOptions.NumProcs);
        var numProcsStart = reader.Get(ProgramOptions.NumProcsStart);
        var environmentText = reader.Raw(ProgramOptions.Environment.Name) ?? "";
        var stdoutCapture = reader.Get(ProgramOptions.Stdout.CaptureMaxBytes);
        var stdoutEvents = reader.Get(ProgramOptions.Stdout.EventsEnabled);
        var stderrCapture = reader.Get(ProgramOptions.Stderr.CaptureMaxBytes);
        var stderrEvents = reader.Get(ProgramOptions.Stderr.EventsEnabled);
        var serverUrl = reader.Get(ProgramOptions.ServerUrl);
        var user = reader.Get(ProgramOptions.User);
        var umask = reader.Get(ProgramOptions.Umask);
        var processName = Datatypes.Name(reader.Raw(ProgramOptions.ProcessName.Name) ?? ProgramOptions.ProcessName.DefaultText!);
        if (numProcs > 1 && !processName.Contains("%(process_num)", StringComparison.Ordinal))
        {
            load.Refuse("%(process_num) must be present within process_name when numprocs > 1", section, ProgramOptions.NumProcs.Name);
        }

        if (stopAsGroup && !killAsGroup)
        {
            load.Refuse("Cannot set stopasgroup=true and killasgroup=false", section, ProgramOptions.KillAsGroup.Name);
        }

        var processes = new List<ProcessConfig>();
        for (long number = numProcsStart; number < (long)numProcs + numProcsStart; number++)
        {
            scope.Set("process_num", number).Set("numprocs", numProcs).Merge(load.Environment);
            var environment = ReadEnvironment(section, scope, environmentText);
            foreach (var (name, value) in environment)
            {
                scope.Set("ENV_" + name, value);
            }

            var directory = reader.Get(ProgramOptions.Directory);
            var stdout = ReadChannel(reader, scope, ProgramOptions.Stdout, stdoutCapture, stdoutEvents);
            var stderr = ReadChannel(reader, scope, ProgramOptions.Stderr, stderrCapture, stderrEvents);
            if (redirectStderr)
            {
                if (stderr.LogFile.Kind == LogTargetKind.File)
                {
                    load.Warn(
                        $"For [{section}], redirect_stderr=true but stderr_logfile has also been set to a filename, the filename has been ignored",
                        section, ProgramOptions.Stderr.LogFile.Name);
                }

                stderr = stderr with { LogFile = LogTarget.None };
            }

            var command = reader.Get(ProgramOptions.Command);
            if (command is null)
            {
                if (reader.Raw(ProgramOptions.Command.Name) is null)
                {
                    throw new ConfigException($"program section {section} does not specify a command");
                }

                // It is there but wrong, and that is noted already.
                continue;
            }

            processes.Add(new ProcessConfig
            {
                Kind = kind,
                Section = section,
                Name = scope.Expand(processName, ProgramOptions.ProcessName.Name),
                Command = command,
                Directory = directory,
                Umask = umask,
                Priority = priority,
                AutoStart = autoStart,
                AutoRestart = autoRestart,
                StartSecs = startSecs,
                StartRetries = startRetries,
                StopSignal = stopSignal,
                StopWaitSecs = stopWaitSecs,
                StopAsGroup = stopAsGroup,
                KillAsGroup = killAsGroup,
                ExitCodes = exitCodes,
                RedirectStderr = redirectStderr,
                Uid = user.Number,
                UnresolvedUser = user.Name,
                Stdout = stdout,
                Stderr = stderr,
                Environment = Merge(environment),
                ServerUrl = serverUrl,
            });
        }

        return processes;
    }

    private IReadOnlyDictionary<string, string> ReadEnvironment(string section, ExpansionScope scope, string text)
    {
        try
        {
            return EnvironmentText.Parse(scope.Expand(text, ProgramOptions.Environment.Name));
        }
        catch (ConfigException e) when (load.Findings is not null)
        {
            load.Findings.Error(e.Message, section, ProgramOptions.Environment.Name);
            return new Dictionary<string, string>();
        }
    }

    private Dictionary<string, string> Merge(IReadOnlyDictionary<string, string> own)
    {
        var merged = new Dictionary<string, string>(daemonEnvironment, StringComparer.Ordinal);
        foreach (var (name, value) in own)
        {
            merged[name] = value;
        }

        return merged;
    }

    private ChannelConfig ReadChannel(
        SectionReader reader, ExpansionScope scope, ProgramOptions.ChannelRows rows, long captureMaxBytes, bool eventsEnabled)
    {
        var (target, deprecatedSyslog) = ReadTarget(reader, scope, rows.LogFile);
        var backups = reader.Get(rows.Backups);
        var maxBytes = reader.Get(rows.MaxBytes);
        var syslog = reader.Get(rows.Syslog);
        if (deprecatedSyslog)
        {
            load.Warn(
                $"For [{reader.Section}], {rows.LogFile.Name}=syslog but this is deprecated and will be removed.  Use {rows.Syslog.Name}=true to enable syslog instead.",
                reader.Section, rows.LogFile.Name);
            syslog = true;
        }

        if (target.Kind == LogTargetKind.Auto && maxBytes == 0)
        {
            load.Warn(
                $"For [{reader.Section}], AUTO logging used for {rows.LogFile.Name} without rollover, set maxbytes > 0 to avoid filling up filesystem unintentionally",
                reader.Section, rows.MaxBytes.Name);
        }

        return new ChannelConfig
        {
            LogFile = target,
            MaxBytes = maxBytes,
            Backups = backups,
            CaptureMaxBytes = captureMaxBytes,
            EventsEnabled = eventsEnabled,
            Syslog = syslog,
        };
    }

    private (LogTarget Target, bool DeprecatedSyslog) ReadTarget(SectionReader reader, ExpansionScope scope, Option<string?> row)
    {
        try
        {
            // Expanded by the reader and then again (CFG-030).
            var text = reader.Text(row.Name);
            return ParseTarget(text is null ? null : scope.Expand(text, row.Name));
        }
        catch (ConfigException e) when (load.Findings is not null)
        {
            load.Findings.Error(e.Message, reader.Section, row.Name);
            return (LogTarget.None, false);
        }
    }

    // OPT-021
    private (LogTarget Target, bool DeprecatedSyslog) ParseTarget(string? text) => text?.ToLowerInvariant() switch
    {
        null or "auto" => (LogTarget.Auto, false),
        "none" or "off" => (LogTarget.None, false),
        "syslog" => (LogTarget.None, true),
        _ => (LogTarget.File(load.Machine.ExistingParent(text!)), false),
    };
}
