using Supervisor.Core.Configuration.Loading;
using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Ports;

namespace Supervisor.Core.Configuration.Checking;

/// <summary>Reads a configuration to the end, whatever is wrong with it, and says everything that is worth a look.</summary>
public static class ConfigChecker
{
    /// <returns>By file in reading order, then by line.</returns>
    public static IReadOnlyList<ConfigFinding> Check(IConfigHost host, IFileSystem files, ConfigRequest request)
    {
        LoadContext load;
        try
        {
            load = new ConfigLoader(host).Open(request, checking: true);
        }
        catch (ConfigException e)
        {
            return [new ConfigFinding(FindingSeverity.Error, e.Message, request.ConfigFile ?? "", 0)];
        }

        DaemonConfig? config = null;
        try
        {
            config = ConfigLoader.Read(load, request);
        }
        catch (ConfigException e)
        {
            load.Findings!.Error(e.Message);
        }

        NameLint.Check(load);
        OverrideLint.Check(load);
        if (config is not null)
        {
            ServerLint.Check(load, config);
            ProcessLint.Check(load, config, files);
        }

        return load.Findings!.Sorted();
    }
}
