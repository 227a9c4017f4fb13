using Supervisor.Rpc.Contract;
using Supervisor.Rpc.Wire;

namespace Supervisor.Rpc.Dispatch;

/// <summary>Typed answers as values, members in wire order.</summary>
public static class RpcResults
{
    public static RpcValue Of(IReadOnlyList<ProcessStatus> statuses) => new RpcArray([.. statuses.Select(Of)]);

    public static RpcValue Of(ProcessStatus s) => new RpcStruct(
        [new("name", s.Name), new("group", s.Group), new("status", s.Status), new("description", s.Description)]);

    public static RpcValue Of(StateInfo s) => new RpcStruct([new("statecode", s.StateCode), new("statename", s.StateName)]);

    public static RpcValue Of(ProcessInfo p) => new RpcStruct(
    [
        new("name", p.Name), new("group", p.Group), new("start", new RpcInt(p.Start)), new("stop", new RpcInt(p.Stop)),
        new("now", new RpcInt(p.Now)), new("state", p.State), new("statename", p.StateName), new("spawnerr", p.SpawnErr),
        new("exitstatus", p.ExitStatus), new("logfile", p.Logfile), new("stdout_logfile", p.StdoutLogfile),
        new("stderr_logfile", p.StderrLogfile), new("pid", p.Pid), new("description", p.Description),
    ]);

    public static RpcValue Of(TailChunk t) => new RpcArray([t.Data, new RpcInt(t.Offset), t.Overflow]);

    /// <summary>An array in an array, as clients expect it (RPC-037).</summary>
    public static RpcValue Of(ReloadResult r) => new RpcArray([new RpcArray([Names(r.Added), Names(r.Changed), Names(r.Removed)])]);

    private static RpcArray Names(IReadOnlyList<string> names) => new([.. names.Select(n => (RpcValue)n)]);
}
