using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Output;
using Supervisor.Core.Ports;

namespace Supervisor.Core.Engine;

/// <summary>Everything the engine needs of the world, given once.</summary>
public sealed record EnginePorts
{
    public required IProcessHost Host { get; init; }
    public required IPoller Poller { get; init; }
    public required IFileSystem Files { get; init; }
    public required IOutputSinkFactory Sinks { get; init; }
    public required IFcgiSockets FcgiSockets { get; init; }
    public required IActivityLog Log { get; init; }
    public required TimeProvider Time { get; init; }

    /// <summary>The daemon's own environment, the base of every child's.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Re-reads the configuration as the start did; throws <see cref="Configuration.ConfigException"/>.</summary>
    public required Func<DaemonConfig> Reload { get; init; }

    /// <summary>Makes the daemon's sockets and pid file again where somebody has removed them.</summary>
    public Action RestoreNames { get; init; } = () => { };

    /// <summary>Pid of the daemon.</summary>
    public required int Pid { get; init; }
}
