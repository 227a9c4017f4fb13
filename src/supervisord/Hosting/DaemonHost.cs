using Supervisor.Core.Configuration;
using Supervisor.Core.Configuration.Checking;
using Supervisor.Core.Configuration.Expansion;
using Supervisor.Core.Configuration.Loading;
using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Engine;
using Supervisor.Core.Output;
using Supervisor.Core.Ports;
using Supervisor.Daemon.Logging;
using Supervisor.Rpc.Dispatch;
using Supervisor.Server.Http;
using Supervisor.Server.Rpc;
using Supervisor.Server.Tail;
using Supervisor.Unix;

namespace Supervisor.Daemon.Hosting;

/// <summary>
/// The daemon's life: start-up in Python Supervisor's order (DMN-001), the loop, clean-up, and restart in the same process (DMN-070).
/// </summary>
internal sealed class DaemonHost(ConfigRequest request, IConfigHost machine, UserDatabase users, DetachedStart? detached, string programName)
{
    private readonly EventSerials _serials = new();
    private readonly EpollPoller _poller = new() { LoopLock = new Lock() };
    private readonly SocketLoop _sockets = new();
    private ChildWaiter? _children;
    private SignalInbox? _signals;
    private bool _first = true;

    /// <summary>Returns when the daemon has ended in order.</summary>
    /// <exception cref="StartupException">A start is refused, the first one or that of a restart.</exception>
    /// <exception cref="ConfigException">The configuration of a restart is refused.</exception>
    public void Run(DaemonConfig config)
    {
        lock (_poller.LoopLock!)
        {
            while (RunOnce(config))
            {
                _first = false;
                config = Load();
            }
        }
    }

    private DaemonConfig Load() => new ConfigLoader(machine).Load(request);

    // True when a restart was asked for.
    private bool RunOnce(DaemonConfig config)
    {
        var settings = config.Supervisord;
        var notes = new DeferredStartupLog(config);
        DropPrivileges(settings, notes);
        RaiseLimits(settings, notes);
        if (_first)
        {
            WorkerThreads.Rehearse();
        }

        var files = new PosixFileSystem();
        var syslog = new SyslogSink(PosixPath.Name(programName));
        using var log = OpenLog(settings, files, syslog);
        notes.WriteTo(log);

        var former = _first ? StaleInstance.Look(config, files) : null;
        using var sockets = ListeningSockets.Open(config.HttpServers);
        former?.Report(settings, log);
        try
        {
            return Supervise(config, files, syslog, log, sockets);
        }
        finally
        {
            sockets.RemoveFiles();
        }
    }

    private bool Supervise(DaemonConfig config, PosixFileSystem files, SyslogSink syslog, ActivityLog log, ListeningSockets sockets)
    {
        var settings = config.Supervisord;
        if (!settings.NoCleanup)
        {
            AutoLogFiles.Clean(files, settings.ChildLogDir, settings.Identifier, log);
        }

        if (_first)
        {
            WorkerThreads.Prepare();
        }

        _children ??= new ChildWaiter(_poller.Wake);
        using var host = new UnixProcessHost(users);
        var dispatcher = new LoopDispatcher(_poller.Wake, _poller.LoopLock!, _sockets);
        PublishedNames? names = null;
        var engine = new SupervisorEngine(
            config,
            new EnginePorts
            {
                Host = new NotifyingProcessHost(host, _children),
                Poller = _poller,
                Files = files,
                Sinks = new OutputSinkFactory(files, syslog, log),
                FcgiSockets = new FcgiSockets(),
                Log = log,
                Time = TimeProvider.System,
                Environment = machine.Environment,
                Reload = Load,
                Pid = ProcessIdentity.Pid,
                RestoreNames = () => names?.Restore(),
            },
            _serials);
        engine.CreateGroups();

        var logs = new LogFiles(files, TimeProvider.System);
        var api = new SupervisorApi(dispatcher, logs);
        var rpc = new RpcDispatcher(api, config.RpcInterfaces.Select(i => i.Name), new RpcActivityLog(log));
        // Two thirds of the descriptors stay with the programs, whatever clients do.
        var http = new HttpFrontend(
            _sockets, rpc, api, dispatcher, logs, new NativeHeap(), new ProcUsage(), log, TimeProvider.System, (int)Math.Max(16, ResourceLimits.OpenFiles / 3));
        StartHttp(http, config, sockets, log);

        // Kept over restarts: between two lives a signal waits instead of killing.
        _signals ??= new SignalInbox(_poller.Wake);
        if (!settings.NoDaemon && _first)
        {
            EnterBackground(settings, log);
        }

        names = new PublishedNames(settings, sockets, http, log);
        names.WritePidFile();
        try
        {
            if (_first)
            {
                _children.Start();
            }

            engine.Start();
            new SupervisorLoop(engine, _poller, dispatcher, _children, _signals.TryTake).Run();
            return engine.RestartRequested;
        }
        finally
        {
            names.Remove();
            dispatcher.Close();
            http.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private void DropPrivileges(SupervisordConfig settings, DeferredStartupLog notes)
    {
        if (settings.Uid is not { } uid)
        {
            if (Privileges.IsRoot)
            {
                notes.Criticals.Add(
                    "Supervisor is running as root.  Privileges were not dropped because no user is specified in the config file.  If you " +
                    "intend to run as root, you can set user=root in the config file to avoid this message.");
            }

            return;
        }

        if (Privileges.Drop(uid, users) is { } refusal)
        {
            throw new StartupException(refusal);
        }

        notes.Infos.Add($"Set uid to user {uid} succeeded");
    }

    private void RaiseLimits(SupervisordConfig settings, DeferredStartupLog notes)
    {
        if (!_first)
        {
            return;
        }

        try
        {
            notes.Infos.AddRange(ResourceLimits.Raise(settings.MinFds, settings.MinProcs));
        }
        catch (ResourceLimitException e)
        {
            throw new StartupException(e.Message);
        }
    }

    private static ActivityLog OpenLog(SupervisordConfig settings, PosixFileSystem files, SyslogSink syslog)
    {
        Action<ReadOnlyMemory<byte>>? standardOutput = settings.NoDaemon && !settings.Silent
            ? WithTimeout(new TimedStream(StandardStreams.Output))
            : null;
        return new ActivityLog(settings, files, syslog, standardOutput, TimeProvider.System);
    }

    private static Action<ReadOnlyMemory<byte>> WithTimeout(TimedStream stream) => line => stream.Write(line.Span);

    // The texts that go with each server, in its order (DMN-018).
    private static void StartHttp(HttpFrontend http, DaemonConfig config, ListeningSockets sockets, ActivityLog log)
    {
        foreach (var server in config.HttpServers)
        {
            http.Announce(server);
            foreach (var plugin in config.RpcInterfaces)
            {
                if (plugin.HasOwnExtras)
                {
                    throw new StartupException($"Could not make {plugin.Name} rpc interface");
                }

                log.Info($"RPC interface {PythonRepr.Of(plugin.Name)} initialized");
            }

            if (string.IsNullOrEmpty(server.Username))
            {
                log.Critical($"Server {PythonRepr.Of(server.Section)} running without any HTTP authentication checking");
            }
            else if (WeakCredentials.Of(server) is { } problem)
            {
                log.Critical($"Server {PythonRepr.Of(server.Section)}: {problem}");
            }
        }

        try
        {
            http.Start(sockets.Endpoints);
        }
        catch (Exception e) when (e is TlsException or PosixException)
        {
            throw new StartupException(e.Message);
        }
        catch (OutOfMemoryException)
        {
            throw new StartupException("cannot start a thread for the HTTP servers: out of memory or processes");
        }
    }

    private void EnterBackground(SupervisordConfig settings, ActivityLog log)
    {
        log.Info("daemonizing the supervisord process");
        try
        {
            Daemonizer.EnterBackground(settings.Directory, settings.Umask);
            if (settings.Directory is { } directory)
            {
                log.Info($"set current directory: {PythonRepr.Of(directory)}");
            }
        }
        catch (PosixException e)
        {
            var place = PythonRepr.Of(settings.Directory ?? "");
            log.Critical($"can't chdir into {place}: {new PosixException(e.Errno, place).Message}");
        }

        detached?.Ready();
    }
}
