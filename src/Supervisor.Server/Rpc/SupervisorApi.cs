using System.Globalization;
using Supervisor.Core;
using Supervisor.Core.Engine;
using Supervisor.Core.Events;
using Supervisor.Core.Processes;
using Supervisor.Rpc.Contract;
using Supervisor.Rpc.Wire;
using Supervisor.Server.Tail;

namespace Supervisor.Server.Rpc;

/// <summary>
/// The supervisor's methods over the loop. Each call is one visit to the engine, so nobody sees half of it; what takes time is awaited
/// outside, and no visit takes longer for what a client has sent: all supervision waits meanwhile. Cut by subject: control, information and logs.
/// </summary>
public sealed partial class SupervisorApi(ISupervisorLoop loop, LogFiles logs) : ISupervisorApi
{
    private readonly LogReader _logs = new(logs);

    private const string ApiVersion = "3.0";

    public Task<string> GetApiVersion() => QueryAsync(_ => ApiVersion);

    public Task<string> GetSupervisorVersion() => QueryAsync(_ => ReferenceVersion.Text);

    public Task<string> GetIdentification() => QueryAsync(s => s.Config.Supervisord.Identifier);

    public Task<StateInfo> GetState() => QueryAsync(s => new StateInfo((int)s.State, Name(s.State)));

    public Task<int> GetPid() => QueryAsync(s => s.Pid);

    public Task<bool> Shutdown() => InvokeAsync(s =>
    {
        s.Shutdown();
        return true;
    });

    public Task<bool> Restart() => InvokeAsync(s =>
    {
        try
        {
            s.Restart();
            return true;
        }
        catch (Core.Configuration.ConfigException e)
        {
            throw new RpcFaultException(FaultCode.CantReread, e.Message);
        }
    });

    public Task<ReloadResult> ReloadConfig() => InvokeAsync(s =>
    {
        try
        {
            var changes = s.Reread();
            return new ReloadResult(changes.Added, changes.Changed, changes.Removed);
        }
        catch (Core.Configuration.ConfigException e)
        {
            throw new RpcFaultException(FaultCode.CantReread, e.Message);
        }
    });

    public Task<bool> AddProcessGroup(string name) => InvokeAsync(s => CheckLength(s, name).AddGroup(name) switch
    {
        AddGroupOutcome.Added => true,
        AddGroupOutcome.AlreadyActive => throw new RpcFaultException(FaultCode.AlreadyAdded, name),
        _ => throw new RpcFaultException(FaultCode.BadName, name),
    });

    public Task<bool> RemoveProcessGroup(string name) => InvokeAsync(s => CheckLength(s, name).RemoveGroup(name) switch
    {
        RemoveGroupOutcome.Removed => true,
        RemoveGroupOutcome.StillRunning => throw new RpcFaultException(FaultCode.StillRunning, name),
        _ => throw new RpcFaultException(FaultCode.BadName, name),
    });

    public Task<IReadOnlyList<RpcValue>> GetAllConfigInfo() => QueryAsync(ConfigInfo.All);

    public Task<ProcessInfo> GetProcessInfo(string name) => QueryAsync(s => Info(FindProcess(s, name).Report()));

    public Task<IReadOnlyList<ProcessInfo>> GetAllProcessInfo() => QueryAsync<IReadOnlyList<ProcessInfo>>(s =>
    [
        .. s.Groups
            .OrderBy(g => g.Name, Core.Configuration.Expansion.CodePointOrder.Comparer)
            .SelectMany(g => g.Processes.OrderBy(p => p.Config.Name, Core.Configuration.Expansion.CodePointOrder.Comparer))
            .Select(p => Info(p.Report())),
    ]);

    public async Task<bool> SendRemoteCommEvent(RpcValue type, RpcValue data)
    {
        // Whatever was sent (EVT-068). Made before the loop is asked, which has no time for long texts.
        var payload = RemoteEvent.Payload(PythonValue.Str(type), PythonValue.Str(data));
        // The one method that works during shutdown (RPC-015). The loop hands the event on.
        return await OrShutdownFault(loop.PublishAsync(s =>
        {
            s.SendRemoteEvent(payload);
            return true;
        }));
    }

    private static ProcessInfo Info(ProcessReport r) => new(
        r.Name, r.Group, r.Start, r.Stop, r.Now, (int)r.State, r.State.WireName(), r.SpawnError, r.ExitStatus, r.StdoutLogFile,
        r.StdoutLogFile, r.StderrLogFile, r.Pid, r.Description);

    /// <summary>The struct of getProcessInfo, as the live streams show it: with <c>restartpending</c> while an automatic restart is due.</summary>
    internal static RpcValue Struct(ProcessReport report)
    {
        var info = Supervisor.Rpc.Dispatch.RpcResults.Of(Info(report));
        return report.RestartPending && info is RpcStruct all ? new RpcStruct([.. all.Members, new("restartpending", true)]) : info;
    }

    /// <summary>RPC-015: during shutdown and restart every method faults, before it looks at its arguments.</summary>
    private Task<T> InvokeAsync<T>(Func<ISupervisor, T> operation) => OrShutdownFault(loop.InvokeAsync(Checked(operation)));

    private Task<T> QueryAsync<T>(Func<ISupervisor, T> operation) => OrShutdownFault(loop.QueryAsync(Checked(operation)));

    private static Func<ISupervisor, T> Checked<T>(Func<ISupervisor, T> operation) => s =>
    {
        CheckState(s);
        return operation(s);
    };

    private static string Name(SupervisorState state) => state switch
    {
        SupervisorState.Shutdown => "SHUTDOWN",
        SupervisorState.Restarting => "RESTARTING",
        SupervisorState.Running => "RUNNING",
        _ => "FATAL",
    };

    private static Task<T> OrShutdownFault<T>(Task<T> answer) => answer.IsCompletedSuccessfully ? answer : WaitAsync(answer);

    private static async Task<T> WaitAsync<T>(Task<T> answer)
    {
        try
        {
            return await answer;
        }
        catch (ObjectDisposedException)
        {
            throw new RpcFaultException(FaultCode.ShutdownState);
        }
    }

    private static void CheckState(ISupervisor supervisor)
    {
        if (supervisor.State < SupervisorState.Running)
        {
            throw new RpcFaultException(FaultCode.ShutdownState);
        }
    }

    // Nothing is that long, and to look it up takes the longer the longer it is.
    private static ISupervisor CheckLength(ISupervisor supervisor, string name) =>
        name.Length <= Namespec.Longest ? supervisor : throw new RpcFaultException(FaultCode.BadName, name);

    private static ISupervisedGroup FindGroup(ISupervisor supervisor, string name, string asSent) =>
        CheckLength(supervisor, asSent).FindGroup(name) ?? throw new RpcFaultException(FaultCode.BadName, asSent);

    private static ISupervisedProcess FindProcess(ISupervisor supervisor, string name)
    {
        CheckLength(supervisor, name);
        var spec = Namespec.Parse(name);
        var group = FindGroup(supervisor, spec.Group, name);
        return (spec.Process is null ? null : group.Find(spec.Process)) ?? throw new RpcFaultException(FaultCode.BadName, name);
    }
}
