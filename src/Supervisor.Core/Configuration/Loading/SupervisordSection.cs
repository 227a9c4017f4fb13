using Supervisor.Core.Configuration.Expansion;
using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Configuration.Options;

namespace Supervisor.Core.Configuration.Loading;

/// <summary><c>[supervisord]</c> (OPT-050..063). Its errors name no option (CFG-054).</summary>
internal static class SupervisordSection
{
    public static SupervisordConfig Read(LoadContext load)
    {
        var section = load.Section("supervisord", load.CommonScope());
        var minFds = section.Get(SupervisordOptions.MinFds);
        var minProcs = section.Get(SupervisordOptions.MinProcs);
        var directory = section.Get(SupervisordOptions.Directory);
        var user = section.Get(SupervisordOptions.User);
        var umask = section.Get(SupervisordOptions.Umask);
        var logFile = section.Get(SupervisordOptions.LogFile);
        var maxBytes = section.Get(SupervisordOptions.LogFileMaxBytes);
        var backups = section.Get(SupervisordOptions.LogFileBackups);
        var level = section.Get(SupervisordOptions.LogLevel);
        var pidFile = section.Get(SupervisordOptions.PidFile);
        var identifier = section.Get(SupervisordOptions.Identifier);
        var noDaemon = section.Get(SupervisordOptions.NoDaemon);
        var silent = section.Get(SupervisordOptions.Silent);
        var childLogDir = section.Get(SupervisordOptions.ChildLogDir) ?? load.Machine.ExistingDirectory(load.Machine.TempDirectory());
        var noCleanup = section.Get(SupervisordOptions.NoCleanup);
        var stripAnsi = section.Get(SupervisordOptions.StripAnsi);
        var environmentScope = load.CommonScope().Set("host_node_name", load.Host.HostName);
        IReadOnlyDictionary<string, string> environment = new Dictionary<string, string>();
        try
        {
            var name = SupervisordOptions.Environment.Name;
            environment = EnvironmentText.Parse(environmentScope.Expand(section.Raw(name) ?? "", name));
        }
        catch (ConfigException e) when (load.Findings is not null)
        {
            load.Findings.Error(e.Message, "supervisord", SupervisordOptions.Environment.Name);
        }

        return new SupervisordConfig
        {
            MinFds = minFds,
            MinProcs = minProcs,
            Directory = directory,
            User = user,
            Umask = umask,
            LogFile = logFile,
            LogFileMaxBytes = maxBytes,
            LogFileBackups = backups,
            LogLevel = level,
            PidFile = pidFile,
            Identifier = identifier,
            NoDaemon = noDaemon,
            Silent = silent,
            ChildLogDir = childLogDir,
            NoCleanup = noCleanup,
            StripAnsi = stripAnsi,
            Environment = environment,
        };
    }
}
