using Supervisor.Rpc.Wire;

namespace Supervisor.Rpc.Contract;

/// <summary>
/// The <c>supervisor.*</c> namespace, typed. Implemented once in the server; the RPC method rows and the web page both call it.
/// Every member throws <see cref="RpcFaultException"/> for a fault, SHUTDOWN_STATE included (RPC-015). Names are namespecs (RPC-018).
/// </summary>
public interface ISupervisorApi
{
    Task<string> GetApiVersion();
    Task<string> GetSupervisorVersion();
    Task<string> GetIdentification();
    Task<StateInfo> GetState();
    Task<int> GetPid();

    /// <summary>Numbers, or what Python's <c>int()</c> takes for some; looked at only when there is a log. So in all that read logs.</summary>
    Task<string> ReadLog(RpcValue offset, RpcValue length);
    Task<bool> ClearLog();
    Task<bool> Shutdown();
    Task<bool> Restart();
    Task<ReloadResult> ReloadConfig();
    Task<bool> AddProcessGroup(string name);
    Task<bool> RemoveProcessGroup(string name);

    /// <summary>A boolean, or the group's array for <c>group:*</c> (RPC-050).</summary>
    Task<RpcValue> StartProcess(string name, bool wait);
    Task<IReadOnlyList<ProcessStatus>> StartProcessGroup(string name, bool wait);
    Task<IReadOnlyList<ProcessStatus>> StartAllProcesses(bool wait);
    Task<RpcValue> StopProcess(string name, bool wait);
    Task<IReadOnlyList<ProcessStatus>> StopProcessGroup(string name, bool wait);
    Task<IReadOnlyList<ProcessStatus>> StopAllProcesses(bool wait);

    /// <param name="name">Namespec.</param>
    /// <param name="signal">Name or number (RPC-053); looked at only for a process that exists.</param>
    Task<RpcValue> SignalProcess(string name, RpcValue signal);
    Task<IReadOnlyList<ProcessStatus>> SignalProcessGroup(string name, RpcValue signal);
    Task<IReadOnlyList<ProcessStatus>> SignalAllProcesses(RpcValue signal);
    Task<IReadOnlyList<RpcValue>> GetAllConfigInfo();
    Task<ProcessInfo> GetProcessInfo(string name);
    Task<IReadOnlyList<ProcessInfo>> GetAllProcessInfo();
    Task<string> ReadProcessStdoutLog(string name, RpcValue offset, RpcValue length);
    Task<string> ReadProcessStderrLog(string name, RpcValue offset, RpcValue length);
    Task<TailChunk> TailProcessStdoutLog(string name, RpcValue offset, RpcValue length);
    Task<TailChunk> TailProcessStderrLog(string name, RpcValue offset, RpcValue length);
    Task<bool> ClearProcessLogs(string name);
    Task<IReadOnlyList<ProcessStatus>> ClearAllProcessLogs();
    Task<bool> SendProcessStdin(string name, RpcValue chars);
    Task<bool> SendRemoteCommEvent(RpcValue type, RpcValue data);
}
