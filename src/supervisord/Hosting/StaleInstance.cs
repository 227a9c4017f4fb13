using Supervisor.Core.Configuration.Expansion;
using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Ports;
using Supervisor.Unix;

namespace Supervisor.Daemon.Hosting;

/// <summary>
/// A run before this one that was killed: it leaves its pid file or socket behind, and maybe programs that nobody supervises any more while
/// this run starts them a second time. Python Supervisor does not look; an orderly start looks at two names and says nothing.
/// </summary>
internal sealed class StaleInstance
{
    private readonly string? _trace;

    private StaleInstance(string? trace)
    {
        _trace = trace;
    }

    /// <summary>Looks for traces; before the sockets are bound and the pid file is written.</summary>
    public static StaleInstance Look(DaemonConfig config, IFileSystem files)
    {
        var pidFile = config.Supervisord.PidFile;
        if (PidFile.Read(pidFile) is { } pid
            && pid > 0
            && pid != ProcessIdentity.Pid
            && SupervisedProcesses.CommandOf(pid) != "supervisord")
        {
            return new StaleInstance($"pid file {pidFile} of dead pid {pid}");
        }

        var socket = config.HttpServers.Select(s => s.File).FirstOrDefault(file => file is not null && files.Exists(file));
        return new StaleInstance(socket is null ? null : $"socket {socket}");
    }

    /// <summary>Tells which of its programs still run. Only once the sockets are ours: until then the former run may be alive.</summary>
    public void Report(SupervisordConfig settings, IActivityLog log)
    {
        if (_trace is null || settings.ServerUrl is not { } url)
        {
            return;
        }

        foreach (var process in SupervisedProcesses.Of(url))
        {
            log.Warn(
                $"pid {process.Pid} was started as {PythonRepr.Of($"{process.Group}:{process.Name}")} by a supervisord that was killed " +
                $"({_trace} is left over): it still runs and nobody supervises it");
        }
    }
}
