using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Engine;
using Supervisor.Rpc.Wire;

namespace Supervisor.Server.Rpc;

/// <summary>The structs of getAllConfigInfo (RPC-071..074).</summary>
internal static class ConfigInfo
{
    public static IReadOnlyList<RpcValue> All(ISupervisor supervisor) =>
    [
        .. supervisor.Config.Groups
            .SelectMany(g => g.Processes.Select(p => (Group: g, Process: p)))
            .OrderBy(x => x.Process.Name, Core.Configuration.Expansion.CodePointOrder.Comparer)
            .Select(x => One(supervisor, x.Group, x.Process)),
    ];

    private static RpcStruct One(ISupervisor supervisor, GroupConfig group, ProcessConfig process)
    {
        var active = supervisor.FindGroup(group.Name);
        // Concrete AUTO names are known only while the active group comes from this very reading of the file (RPC-072).
        var live = active is not null && ReferenceEquals(active.Config, group) ? active.Find(process.Name) : null;
        return new RpcStruct(
        [
            new("autostart", process.AutoStart),
            new("autorestart", process.AutoRestart switch
            {
                // Upstream fails the whole call here (QRK-020).
                AutoRestart.Always => true,
                AutoRestart.Never => false,
                _ => "unexpected",
            }),
            new("directory", process.Directory ?? "none"),
            new("uid", process.Uid is { } uid ? uid : "none"),
            new("command", process.Command),
            new("exitcodes", new RpcArray([.. process.ExitCodes.Select(c => (RpcValue)c)])),
            new("group", group.Name),
            new("group_prio", group.Priority),
            new("inuse", active is not null),
            new("killasgroup", process.KillAsGroup),
            new("name", process.Name),
            new("process_prio", process.Priority),
            new("redirect_stderr", process.RedirectStderr),
            new("startretries", process.StartRetries),
            new("startsecs", process.StartSecs),
            new("stdout_capture_maxbytes", new RpcInt(process.Stdout.CaptureMaxBytes)),
            new("stdout_events_enabled", process.Stdout.EventsEnabled),
            new("stdout_logfile", LogFile(process.Stdout.LogFile, live?.StdoutLogPath)),
            new("stdout_logfile_backups", process.Stdout.Backups),
            new("stdout_logfile_maxbytes", new RpcInt(process.Stdout.MaxBytes)),
            new("stdout_syslog", process.Stdout.Syslog),
            new("stopsignal", process.StopSignal),
            new("stopwaitsecs", process.StopWaitSecs),
            new("stderr_capture_maxbytes", new RpcInt(process.Stderr.CaptureMaxBytes)),
            new("stderr_events_enabled", process.Stderr.EventsEnabled),
            new("stderr_logfile", LogFile(process.Stderr.LogFile, live?.StderrLogPath)),
            new("stderr_logfile_backups", process.Stderr.Backups),
            new("stderr_logfile_maxbytes", new RpcInt(process.Stderr.MaxBytes)),
            new("stderr_syslog", process.Stderr.Syslog),
            new("serverurl", process.ServerUrl ?? "none"),
        ]);
    }

    private static string LogFile(LogTarget target, string? live) => target.Kind switch
    {
        LogTargetKind.Auto => live ?? "auto",
        LogTargetKind.None => "none",
        _ => target.Path ?? "",
    };
}
