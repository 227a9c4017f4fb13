using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Ports;
using Supervisor.Server.Http;
using Supervisor.Unix;

namespace Supervisor.Daemon.Hosting;

/// <summary>
/// The files by which others find the daemon: its unix sockets and its pid file. Cleaners of /tmp remove them while it runs; SIGUSR2 and a
/// reread bring them back. Looked at on these occasions only, for an idle daemon does not wake up.
/// </summary>
internal sealed class PublishedNames(SupervisordConfig settings, ListeningSockets sockets, HttpFrontend http, IActivityLog log)
{
    private PidFile? _pidFile;

    public void WritePidFile()
    {
        if (TryWritePidFile())
        {
            log.Info($"supervisord started with pid {ProcessIdentity.Pid}");
        }
    }

    /// <summary>On the loop's thread. Nothing is logged when nothing is missing.</summary>
    public void Restore()
    {
        foreach (var (old, replacement) in sockets.Recreate(log.Critical))
        {
            try
            {
                http.Start([replacement]);
                log.Warn($"unix socket {old.File} was missing and has been created again");
            }
            catch (PosixException e)
            {
                log.Critical($"unix socket {old.File} was missing and cannot be served: {e.Message}");
            }

            // Clients that came before the name went are served; new ones can no longer come this way.
            _ = http.StopAsync(old.Descriptor).ContinueWith(_ => old.Dispose(), TaskScheduler.Default);
        }

        if (_pidFile is { IsMissing: true } && TryWritePidFile())
        {
            log.Warn($"pid file {settings.PidFile} was missing and has been written again");
        }
    }

    /// <summary>Those that are still this daemon's own.</summary>
    public void Remove()
    {
        _pidFile?.Remove();
        sockets.RemoveFiles();
    }

    private bool TryWritePidFile()
    {
        try
        {
            _pidFile = PidFile.Write(settings.PidFile, ProcessIdentity.Pid);
            return true;
        }
        catch (PosixException)
        {
            log.Critical($"could not write pidfile {settings.PidFile}");
            return false;
        }
    }
}
