using Supervisor.Core.Ports;
using Supervisor.Unix;

namespace Supervisor.Daemon.Hosting;

/// <summary>Tells the child waiter after each spawn that there is somebody to wait for, and asks the kernel for dead children only when it rang.</summary>
internal sealed class NotifyingProcessHost(IProcessHost host, ChildWaiter children) : IProcessHost
{
    public SpawnResult Spawn(SpawnRequest request)
    {
        var result = host.Spawn(request);
        if (result.Stage == SpawnStage.Started)
        {
            children.NotifySpawned();
        }

        return result;
    }

    public int Kill(int pid, int signal) => host.Kill(pid, signal);

    public bool TryReap(out ReapedChild child)
    {
        child = default;
        return children.HasEnded && host.TryReap(out child);
    }
}
