using Supervisor.Core.Engine;
using Supervisor.Core.Ports;
using Supervisor.Rpc.Contract;
using Supervisor.Rpc.Wire;

namespace Supervisor.Server.Rpc;

public sealed partial class SupervisorApi
{
    public async Task<string> ReadLog(RpcValue offset, RpcValue length) =>
        await ReadAsync(await QueryAsync(s => s.ActivityLogPath), offset, length);

    public Task<bool> ClearLog() => InvokeAsync(s =>
    {
        if (!Path.Exists(s.ActivityLogPath))
        {
            throw new RpcFaultException(FaultCode.NoFile);
        }

        return s.ReopenActivityLogAfterUnlink() is null ? true : throw new RpcFaultException(FaultCode.Failed);
    });

    public Task<string> ReadProcessStdoutLog(string name, RpcValue offset, RpcValue length) => ReadAsync(name, p => p.StdoutLogPath, offset, length);

    public Task<string> ReadProcessStderrLog(string name, RpcValue offset, RpcValue length) => ReadAsync(name, p => p.StderrLogPath, offset, length);

    public Task<TailChunk> TailProcessStdoutLog(string name, RpcValue offset, RpcValue length) => TailAsync(name, p => p.StdoutLogPath, offset, length);

    public Task<TailChunk> TailProcessStderrLog(string name, RpcValue offset, RpcValue length) => TailAsync(name, p => p.StderrLogPath, offset, length);

    public Task<bool> ClearProcessLogs(string name) =>
        InvokeAsync(s => FindProcess(s, name).ClearLogs() is null ? true : throw new RpcFaultException(FaultCode.Failed, name));

    public Task<IReadOnlyList<ProcessStatus>> ClearAllProcessLogs() => InvokeAsync<IReadOnlyList<ProcessStatus>>(s =>
    [
        .. AllInPriorityOrder(s).Select(p => Status(p, p.ClearLogs() is null
            ? null
            : new RpcFaultException(FaultCode.Failed, Namespec.Make(p.Group.Name, p.Config.Name)))),
    ]);

    private async Task<string> ReadAsync(string name, Func<ISupervisedProcess, string?> choose, RpcValue offset, RpcValue length) =>
        await ReadAsync(await QueryAsync(s => choose(FindProcess(s, name))), offset, length);

    private async Task<string> ReadAsync(string? path, RpcValue offset, RpcValue length) => path is not null && await ExistsAsync(path)
        ? await _logs.ReadAsync(path, PythonValue.Integer(offset), PythonValue.Integer(length))
        : throw new RpcFaultException(FaultCode.NoFile, path);

    private async Task<TailChunk> TailAsync(string name, Func<ISupervisedProcess, string?> choose, RpcValue offset, RpcValue length)
    {
        var path = await QueryAsync(s => choose(FindProcess(s, name)));
        return path is not null && await ExistsAsync(path)
            ? await _logs.TailAsync(path, PythonValue.Integer(offset), PythonValue.Integer(length))
            : new TailChunk("", 0, false);
    }

    private async Task<bool> ExistsAsync(string path)
    {
        try
        {
            return await _logs.ExistsAsync(path);
        }
        catch (PosixException)
        {
            throw new RpcFaultException(FaultCode.Failed);
        }
    }
}
