using Supervisor.Core.Engine;
using Supervisor.Rpc.Contract;
using Supervisor.Rpc.Wire;

namespace Supervisor.Server.Rpc;

public sealed partial class SupervisorApi
{
    public async Task<string> ReadLog(RpcValue offset, RpcValue length)
    {
        await Elsewhere();
        var path = await LookAsync(s => s.ActivityLogPath);
        return File.Exists(path) ? await LogReader.ReadAsync(path, PythonValue.Integer(offset), PythonValue.Integer(length)) : throw new RpcFaultException(FaultCode.NoFile, path);
    }

    public Task<bool> ClearLog() => AskAsync(s =>
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
        AskAsync(s => FindProcess(s, name).ClearLogs() is null ? true : throw new RpcFaultException(FaultCode.Failed, name));

    public Task<IReadOnlyList<ProcessStatus>> ClearAllProcessLogs() => AskAsync<IReadOnlyList<ProcessStatus>>(s =>
    [
        .. AllInPriorityOrder(s).Select(p => Status(p, p.ClearLogs() is null
            ? null
            : new RpcFaultException(FaultCode.Failed, Namespec.Make(p.Group.Name, p.Config.Name)))),
    ]);

    private async Task<string> ReadAsync(string name, Func<ISupervisedProcess, string?> choose, RpcValue offset, RpcValue length)
    {
        await Elsewhere();
        var path = await LookAsync(s => choose(FindProcess(s, name)));
        return path is not null && Path.Exists(path)
            ? await LogReader.ReadAsync(path, PythonValue.Integer(offset), PythonValue.Integer(length))
            : throw new RpcFaultException(FaultCode.NoFile, path);
    }

    private async Task<TailChunk> TailAsync(string name, Func<ISupervisedProcess, string?> choose, RpcValue offset, RpcValue length)
    {
        await Elsewhere();
        var path = await LookAsync(s => choose(FindProcess(s, name)));
        return path is not null && Path.Exists(path) ? await LogReader.TailAsync(path, PythonValue.Integer(offset), PythonValue.Integer(length)) : new TailChunk("", 0, false);
    }

    // A log may be large, and the thread that got the request serves everybody.
    private static System.Runtime.CompilerServices.YieldAwaitable Elsewhere() => Task.Yield();
}
