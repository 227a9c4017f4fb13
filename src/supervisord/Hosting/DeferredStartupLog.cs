using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Ports;

namespace Supervisor.Daemon.Hosting;

/// <summary>What was noticed before there was a log: written in this order once there is one (CFG-058).</summary>
internal sealed class DeferredStartupLog(DaemonConfig config)
{
    public List<string> Criticals { get; } = [];

    public List<string> Infos { get; } = [.. config.Infos];

    public void WriteTo(IActivityLog log)
    {
        Criticals.ForEach(log.Critical);
        foreach (var warning in config.Warnings)
        {
            log.Warn(warning);
        }

        Infos.ForEach(log.Info);
    }
}
