using Supervisor.Rpc.Contract;
using Supervisor.Rpc.Wire;

namespace Supervisor.Rpc.Dispatch;

/// <summary>The rows of the <c>supervisor</c> namespace: 37 methods, aliases included (RPC-030..075).</summary>
internal static class SupervisorMethods
{
    private static readonly RpcParameter s_name = new("string", "name", "Process name (or ``group:name``)");
    private static readonly RpcParameter s_groupName = new("string", "name", "Group name");
    private static readonly RpcParameter s_wait = new("boolean", "wait", "Answer only when it is done", Optional: true);
    private static readonly RpcParameter s_signal = new("string", "signal", "Signal by name ('HUP') or number ('1')");
    private static readonly RpcParameter s_offset = new("int", "offset", "Where to begin; negative counts from the end");
    private static readonly RpcParameter s_length = new("int", "length", "How many bytes; 0 for all the rest");
    private static readonly RpcParameter s_tailOffset = new("int", "offset", "The offset that the last call returned");
    private static readonly RpcParameter s_tailLength = new("int", "length", "How many bytes at most");

    private static readonly RpcValue s_statuses = RpcResults.Of([new ProcessStatus("web", "web", (int)FaultCode.Success, "OK")]);
    private static readonly RpcValue s_info = RpcResults.Of(new ProcessInfo(
        "web", "web", 1767323045, 0, 1767323105, 20, "RUNNING", "", 0, "/var/log/web.log", "/var/log/web.log", "/var/log/web.err", 4711,
        "pid 4711, uptime 0:01:00"));

    public static IReadOnlyList<RpcMethod> Rows { get; } =
    [
        Version("getAPIVersion"),
        Version("getVersion"),
        new("getSupervisorVersion", [], "string", "Version of Supervisor that this daemon is compatible with.", "version",
            async (api, _) => await api.GetSupervisorVersion()) { ReadOnly = true, Example = "4.3.0" },
        new("getIdentification", [], "string", "Identifier of this daemon.", "identifier",
            async (api, _) => await api.GetIdentification()) { ReadOnly = true, Example = "supervisor" },
        new("getState", [], "struct", "State of the daemon.", "statecode (int) and statename (string)",
            async (api, _) => RpcResults.Of(await api.GetState())) { ReadOnly = true, Example = RpcResults.Of(new StateInfo(1, "RUNNING")) },
        new("getPID", [], "int", "Process id of the daemon.", "pid",
            async (api, _) => await api.GetPid()) { ReadOnly = true, Example = 4242 },
        MainLog("readLog"),
        MainLog("readMainLog"),
        new("clearLog", [], "boolean", "Begins a new activity log.", "always true",
            async (api, _) => await api.ClearLog()),
        new("shutdown", [], "boolean", "Stops everything and ends the daemon.", "always true",
            async (api, _) => await api.Shutdown()),
        new("restart", [], "boolean", "Stops everything and starts the daemon anew.", "always true",
            async (api, _) => await api.Restart()),
        new("reloadConfig", [], "array", "Reads the configuration again, without acting on it.", "[[added, changed, removed]] names of groups",
            async (api, _) => RpcResults.Of(await api.ReloadConfig())) { Example = RpcResults.Of(new ReloadResult(["web"], [], [])) },
        new("addProcessGroup", [s_groupName], "boolean", "Makes a configured group active.", "always true",
            async (api, a) => await api.AddProcessGroup(a.Text(0))),
        new("removeProcessGroup", [s_groupName], "boolean", "Takes a stopped group out of the active ones.", "always true",
            async (api, a) => await api.RemoveProcessGroup(a.Text(0))),
        new("startProcess", [s_name, s_wait], "boolean", "Starts a process (or ``group:*``).", "always true",
            (api, a) => api.StartProcess(a.Text(0), a.Flag(1))),
        new("startProcessGroup", [s_groupName, s_wait], "array", "Starts all processes of a group.", "status structs",
            async (api, a) => RpcResults.Of(await api.StartProcessGroup(a.Text(0), a.Flag(1)))) { Example = s_statuses },
        new("startAllProcesses", [s_wait], "array", "Starts all processes.", "status structs",
            async (api, a) => RpcResults.Of(await api.StartAllProcesses(a.Flag(0)))) { Example = s_statuses },
        new("stopProcess", [s_name, s_wait], "boolean", "Stops a process (or ``group:*``).", "always true",
            (api, a) => api.StopProcess(a.Text(0), a.Flag(1))),
        new("stopProcessGroup", [s_groupName, s_wait], "array", "Stops all processes of a group.", "status structs",
            async (api, a) => RpcResults.Of(await api.StopProcessGroup(a.Text(0), a.Flag(1)))) { Example = s_statuses },
        new("stopAllProcesses", [s_wait], "array", "Stops all processes.", "status structs",
            async (api, a) => RpcResults.Of(await api.StopAllProcesses(a.Flag(0)))) { Example = s_statuses },
        new("signalProcess", [s_name, s_signal], "boolean", "Sends a signal to a process (or ``group:*``).", "always true",
            (api, a) => api.SignalProcess(a.Text(0), a[1])),
        new("signalProcessGroup", [s_groupName, s_signal], "array", "Sends a signal to all processes of a group.", "status structs",
            async (api, a) => RpcResults.Of(await api.SignalProcessGroup(a.Text(0), a[1]))) { Example = s_statuses },
        new("signalAllProcesses", [s_signal], "array", "Sends a signal to all processes.", "status structs",
            async (api, a) => RpcResults.Of(await api.SignalAllProcesses(a[0]))) { Example = s_statuses },
        new("getAllConfigInfo", [], "array", "What is configured for every process, active or not.", "config structs",
            async (api, _) => new RpcArray(await api.GetAllConfigInfo())) { ReadOnly = true, Example = new RpcArray([new RpcStruct([])]) },
        new("getProcessInfo", [s_name], "struct", "What is known about a process.", "info struct",
            async (api, a) => RpcResults.Of(await api.GetProcessInfo(a.Text(0)))) { ReadOnly = true, Example = s_info },
        new("getAllProcessInfo", [], "array", "What is known about all processes.", "info structs",
            async (api, _) => new RpcArray([.. (await api.GetAllProcessInfo()).Select(RpcResults.Of)])) { ReadOnly = true, Example = new RpcArray([s_info]) },
        ReadLog("readProcessStdoutLog", "stdout", (api, n, o, l) => api.ReadProcessStdoutLog(n, o, l)),
        ReadLog("readProcessLog", "stdout", (api, n, o, l) => api.ReadProcessStdoutLog(n, o, l)),
        ReadLog("readProcessStderrLog", "stderr", (api, n, o, l) => api.ReadProcessStderrLog(n, o, l)),
        TailLog("tailProcessStdoutLog", "stdout", (api, n, o, l) => api.TailProcessStdoutLog(n, o, l)),
        TailLog("tailProcessLog", "stdout", (api, n, o, l) => api.TailProcessStdoutLog(n, o, l)),
        TailLog("tailProcessStderrLog", "stderr", (api, n, o, l) => api.TailProcessStderrLog(n, o, l)),
        ClearLogs("clearProcessLogs"),
        ClearLogs("clearProcessLog"),
        new("clearAllProcessLogs", [], "array", "Begins new logs for all processes.", "status structs",
            async (api, _) => RpcResults.Of(await api.ClearAllProcessLogs())) { Example = s_statuses },
        new("sendProcessStdin", [s_name, new("string", "chars", "What to write")], "boolean", "Writes to the stdin of a process, as UTF-8.",
            "always true",
            async (api, a) => await api.SendProcessStdin(a.Text(0), a[1])),
        new("sendRemoteCommEvent", [new("string", "type", "Type in the event"), new("string", "data", "Body of the event")], "boolean",
            "Sends an event to the listeners that subscribe to REMOTE_COMMUNICATION.", "always true",
            async (api, a) => await api.SendRemoteCommEvent(a[0], a[1])),
    ];

    private static RpcMethod Version(string name) => new(name, [], "string", "Version of this interface.", "version",
        async (api, _) => await api.GetApiVersion())
    { ReadOnly = true, Example = "3.0" };

    private static RpcMethod MainLog(string name) => new(name, [s_offset, s_length], "string", "Reads from the activity log.", "bytes of the log",
        async (api, a) => await api.ReadLog(a[0], a[1]))
    { ReadOnly = true, Example = "..." };

    private static RpcMethod ClearLogs(string name) => new(name, [s_name], "boolean", "Begins new logs for a process.", "always true",
        async (api, a) => await api.ClearProcessLogs(a.Text(0)));

    private static RpcMethod ReadLog(string name, string channel, Func<ISupervisorApi, string, RpcValue, RpcValue, Task<string>> read) =>
        new(name, [s_name, s_offset, s_length], "string", $"Reads from the {channel} log of a process.", "bytes of the log",
            async (api, a) => await read(api, a.Text(0), a[1], a[2]))
        { ReadOnly = true, Example = "..." };

    private static RpcMethod TailLog(string name, string channel, Func<ISupervisorApi, string, RpcValue, RpcValue, Task<TailChunk>> tail) =>
        new(name, [s_name, s_tailOffset, s_tailLength], "array", $"Follows the {channel} log of a process.",
            "[string bytes, int offset, bool overflow]",
            async (api, a) => RpcResults.Of(await tail(api, a.Text(0), a[1], a[2])))
        { ReadOnly = true, Example = RpcResults.Of(new TailChunk("...", 1024, false)) };
}
