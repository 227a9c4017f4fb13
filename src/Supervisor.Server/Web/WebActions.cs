using System.Globalization;
using Supervisor.Core.Engine;
using Supervisor.Rpc.Contract;
using Supervisor.Server.Http;
using Supervisor.Server.Rpc;

namespace Supervisor.Server.Web;

/// <summary>What the page's links and buttons do, and the message each ends in (HTTP-056).</summary>
internal sealed class WebActions(ISupervisorApi api, ISupervisorLoop loop, TimeProvider time)
{
    /// <exception cref="ArgumentException">Unknown action, or a process action without a name (HTTP-058).</exception>
    public async Task<string> RunAsync(string action, string? name)
    {
        switch (action)
        {
            case "refresh":
                return $"Page refreshed at {Now()}";
            case "stopall":
                await api.StopAllProcesses(true);
                return $"All stopped at {Now()}";
            case "restartall":
                await IgnoreFaultsAsync(() => api.StopAllProcesses(true));
                await IgnoreFaultsAsync(() => api.StartAllProcesses(true));
                return $"All restarted at {Now()}";
        }

        if (string.IsNullOrEmpty(name) || action is not ("start" or "stop" or "restart" or "clearlog"))
        {
            throw new ArgumentException($"no such action: {action}");
        }

        if (!await ExistsAsync(name))
        {
            return $"No such process named {name}";
        }

        switch (action)
        {
            case "start":
                return await StartAsync(name);
            case "stop":
                return await TryAsync(() => api.StopProcess(name, true), $"Process {name} stopped");
            case "restart":
                // Individual failures do not show (HTTP-057).
                await IgnoreFaultsAsync(() => api.StopProcess(name, true));
                await IgnoreFaultsAsync(() => api.StartProcess(name, true));
                return $"Process {name} restarted";
            default:
                return await TryAsync(() => api.ClearProcessLogs(name), $"Log for {name} cleared");
        }
    }

    private async Task<string> StartAsync(string name)
    {
        try
        {
            await api.StartProcess(name, true);
            return $"Process {name} started";
        }
        catch (RpcFaultException fault)
        {
            var reason = (FaultCode)fault.Code switch
            {
                FaultCode.NoFile => "no such file",
                FaultCode.NotExecutable => "file not executable",
                FaultCode.AlreadyStarted => "already started",
                FaultCode.SpawnError => "spawn error",
                FaultCode.AbnormalTermination => "abnormal termination",
                _ => Unexpected(fault),
            };
            return $"ERROR: Process {name}: {reason}";
        }
    }

    private Task<bool> ExistsAsync(string name)
    {
        if (name.Length > Namespec.Longest)
        {
            return Task.FromResult(false);
        }

        var spec = Namespec.Parse(name);
        return loop.QueryAsync(s => spec.Process is not null && s.FindGroup(spec.Group)?.Find(spec.Process) is not null);
    }

    private static async Task<string> TryAsync(Func<Task> action, string success)
    {
        try
        {
            await action();
            return success;
        }
        catch (RpcFaultException fault)
        {
            return Unexpected(fault);
        }
    }

    private static async Task IgnoreFaultsAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (RpcFaultException)
        {
            // The next step shows what became of it.
        }
    }

    private static string Unexpected(RpcFaultException fault) => $"unexpected rpc fault [{fault.Code}] {fault.Text}";

    private string Now() => CTime.Of(time);
}
