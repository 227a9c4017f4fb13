using Supervisor.Core.Configuration;
using Supervisor.Core.Configuration.Loading;
using Supervisor.Core.Ports;
using Supervisor.Ctl.CommandLine;
using Supervisor.Ctl.Shell;

namespace Supervisor.Ctl.Hosting;

/// <summary>Lays the command line over the configuration file (CLI-007, OPT-070, OPT-071).</summary>
internal static class SettingsLoader
{
    /// <exception cref="ConfigException">The file cannot be used (CFG-053, CFG-057).</exception>
    public static CtlSettings Load(CtlArguments arguments, IConfigHost host, string program)
    {
        var config = CtlConfigLoader.Load(host, arguments.ConfigFile, program);
        return new CtlSettings
        {
            ServerUrl = arguments.ServerUrl ?? config.ServerUrl,
            Username = arguments.Username ?? config.Username,
            Password = arguments.Password ?? config.Password,
            Prompt = config.Prompt,

            // The reference takes -r and forgets it (QRK-036).
            HistoryFile = arguments.HistoryFile ?? config.HistoryFile,
            Interactive = arguments.Interactive == true || arguments.Action.Length == 0,
        };
    }
}
