using Supervisor.Rpc.Contract;
using Supervisor.Rpc.Wire;

namespace Supervisor.Rpc.Client;

/// <summary>One entry of getAllConfigInfo, as far as clients show it (CTL-050).</summary>
public sealed record ConfiguredProcess(string Name, string Group, bool InUse, bool Autostart, long GroupPriority, long ProcessPriority);

/// <summary>
/// The <c>supervisor.*</c> methods, blocking and typed. Every member throws what <see cref="RpcClient.Call"/> throws, and
/// <see cref="RpcClientException"/> with <see cref="RpcClientError.BadAnswer"/> for answers of another shape.
/// </summary>
public sealed class SupervisorClient : IDisposable
{
    private readonly RpcClient rpc;

    public SupervisorClient(RpcClient rpc)
    {
        this.rpc = rpc;
    }

    /// <summary>getVersion, the deprecated name that every server version knows.</summary>
    public string GetApiVersion() => RpcDecode.Text(Call("getVersion"));

    public string GetSupervisorVersion() => RpcDecode.Text(Call("getSupervisorVersion"));

    public long GetPid() => RpcDecode.Number(Call("getPID"));

    public void Shutdown() => Call("shutdown");

    public void Restart() => Call("restart");

    public ReloadResult ReloadConfig() => RpcDecode.Reload(Call("reloadConfig"));

    public void AddProcessGroup(string name) => Call("addProcessGroup", name);

    public void RemoveProcessGroup(string name) => Call("removeProcessGroup", name);

    public IReadOnlyList<ConfiguredProcess> GetAllConfigInfo() => RpcDecode.List(Call("getAllConfigInfo"), RpcDecode.Configured);

    public ProcessInfo GetProcessInfo(string name) => RpcDecode.Process(RpcDecode.Struct(Call("getProcessInfo", name)));

    public IReadOnlyList<ProcessInfo> GetAllProcessInfo() => RpcDecode.List(Call("getAllProcessInfo"), RpcDecode.Process);

    /// <param name="name">A process, or <c>group:process</c>.</param>
    /// <param name="wait">Answer only when it runs or has failed to.</param>
    public void StartProcess(string name, bool wait = true) => Call("startProcess", wait ? [name] : [name, false]);

    public IReadOnlyList<ProcessStatus> StartProcessGroup(string name) => Statuses("startProcessGroup", name);

    public IReadOnlyList<ProcessStatus> StartAllProcesses() => Statuses("startAllProcesses");

    public void StopProcess(string name) => Call("stopProcess", name);

    public IReadOnlyList<ProcessStatus> StopProcessGroup(string name) => Statuses("stopProcessGroup", name);

    public IReadOnlyList<ProcessStatus> StopAllProcesses() => Statuses("stopAllProcesses");

    public void SignalProcess(string name, string signal) => Call("signalProcess", name, signal);

    public IReadOnlyList<ProcessStatus> SignalProcessGroup(string name, string signal) => Statuses("signalProcessGroup", name, signal);

    public IReadOnlyList<ProcessStatus> SignalAllProcesses(string signal) => Statuses("signalAllProcesses", signal);

    public void ClearProcessLogs(string name) => Call("clearProcessLogs", name);

    public IReadOnlyList<ProcessStatus> ClearAllProcessLogs() => Statuses("clearAllProcessLogs");

    /// <param name="offset">Negative counts from the end (RPC-065).</param>
    public string ReadLog(long offset, long length) => RpcDecode.Text(Call("readLog", new RpcInt(offset), new RpcInt(length)));

    public string ReadProcessStdoutLog(string name, long offset, long length) =>
        RpcDecode.Text(Call("readProcessStdoutLog", name, new RpcInt(offset), new RpcInt(length)));

    public string ReadProcessStderrLog(string name, long offset, long length) =>
        RpcDecode.Text(Call("readProcessStderrLog", name, new RpcInt(offset), new RpcInt(length)));

    public void SendProcessStdin(string name, string chars) => Call("sendProcessStdin", name, chars);

    public void Dispose() => rpc.Dispose();

    private IReadOnlyList<ProcessStatus> Statuses(string method, params IReadOnlyList<RpcValue> arguments) =>
        RpcDecode.List(Call(method, arguments), RpcDecode.Status);

    private RpcValue Call(string method, params IReadOnlyList<RpcValue> arguments) => rpc.Call("supervisor." + method, arguments);
}
