using System.Diagnostics;
using Supervisor.Core.Engine;
using Supervisor.Core.Processes;
using Supervisor.Rpc.Contract;
using Supervisor.Rpc.Wire;

namespace Supervisor.Server.Rpc;

public sealed partial class SupervisorApi
{
    /// <summary>One process's part of a call: the fault it ended with, or null.</summary>
    private delegate void Pending(Action<RpcFaultException?> done);

    public Task<RpcValue> StartProcess(string name, bool wait) =>
        OneOrGroupAsync(name, (s, p) => Start(s, p, name, wait), p => !p.State.IsRunningSet(), (s, p, n) => Start(s, p, n, wait));

    public Task<IReadOnlyList<ProcessStatus>> StartProcessGroup(string name, bool wait) =>
        AllAsync(s => InPriorityOrder(FindGroup(s, name, name)), p => !p.State.IsRunningSet(), (s, p, n) => Start(s, p, n, wait));

    public Task<IReadOnlyList<ProcessStatus>> StartAllProcesses(bool wait) =>
        AllAsync(AllInPriorityOrder, p => !p.State.IsRunningSet(), (s, p, n) => Start(s, p, n, wait));

    public Task<RpcValue> StopProcess(string name, bool wait) =>
        OneOrGroupAsync(name, (s, p) => Stop(s, p, name, wait), CanStop, (s, p, n) => Stop(s, p, n, wait));

    public Task<IReadOnlyList<ProcessStatus>> StopProcessGroup(string name, bool wait) =>
        AllAsync(s => InPriorityOrder(FindGroup(s, name, name)), CanStop, (s, p, n) => Stop(s, p, n, wait));

    public Task<IReadOnlyList<ProcessStatus>> StopAllProcesses(bool wait) =>
        AllAsync(AllInPriorityOrder, CanStop, (s, p, n) => Stop(s, p, n, wait));

    public Task<RpcValue> SignalProcess(string name, RpcValue signal)
    {
        var number = PythonValue.SignalLater(signal);
        return OneOrGroupAsync(name, (_, p) => Signal(p, name, number), p => p.State.IsSignallable(), (_, p, n) => Signal(p, n, number));
    }

    public Task<IReadOnlyList<ProcessStatus>> SignalProcessGroup(string name, RpcValue signal)
    {
        var number = PythonValue.SignalLater(signal);
        return AllAsync(s => InPriorityOrder(FindGroup(s, name, name)), p => p.State.IsSignallable(), (_, p, n) => Signal(p, n, number));
    }

    public Task<IReadOnlyList<ProcessStatus>> SignalAllProcesses(RpcValue signal)
    {
        var number = PythonValue.SignalLater(signal);
        return AllAsync(AllInPriorityOrder, p => p.State.IsSignallable(), (_, p, n) => Signal(p, n, number));
    }

    // RPC-043..047
    private static Pending? Start(ISupervisor supervisor, ISupervisedProcess process, string name, bool wait)
    {
        if (process.CheckCommand() is { } problem)
        {
            throw new RpcFaultException(
                problem.Kind == CommandProblemKind.NotFound ? FaultCode.NoFile : FaultCode.NotExecutable, problem.Message);
        }

        if (process.State.IsRunningSet())
        {
            throw new RpcFaultException(FaultCode.AlreadyStarted, name);
        }

        if (process.State == ProcessState.Unknown)
        {
            // Python Supervisor faults with FAILED, which its own supervisorctl cannot print: it breaks off the list of a start all.
            throw new RpcFaultException(FaultCode.SpawnError, $"{name} is in an unknown process state");
        }

        process.Spawn();
        supervisor.ReapNow();
        if (!string.IsNullOrEmpty(process.SpawnError))
        {
            throw new RpcFaultException(FaultCode.SpawnError, name);
        }

        process.Transition();
        if (!wait || process.State == ProcessState.Running)
        {
            return null;
        }

        return done => process.WhenStarted(outcome => done(outcome switch
        {
            StartOutcome.Running => null,
            StartOutcome.SpawnError => new RpcFaultException(FaultCode.SpawnError, name),
            _ => new RpcFaultException(FaultCode.AbnormalTermination, name),
        }));
    }

    // One that waits for its automatic restart stops as if it ran, which it would in Python Supervisor.
    private static bool CanStop(ISupervisedProcess process) => process.State.IsRunningSet() || process.RestartPending;

    // RPC-051
    private static Pending? Stop(ISupervisor supervisor, ISupervisedProcess process, string name, bool wait)
    {
        if (!CanStop(process))
        {
            throw new RpcFaultException(FaultCode.NotRunning, name);
        }

        if (process.Stop() is { } message)
        {
            throw new RpcFaultException(FaultCode.Failed, message);
        }

        supervisor.ReapNow();
        // Also when it is dead already: a process that dies within microseconds keeps its place among those that take milliseconds.
        return wait ? done => process.WhenStopped(() => done(null)) : null;
    }

    // RPC-053
    private static Pending? Signal(ISupervisedProcess process, string name, Func<int> signal)
    {
        var number = signal();
        if (!process.State.IsSignallable())
        {
            throw new RpcFaultException(FaultCode.NotRunning, name);
        }

        return process.SendSignal(number) is { } message ? throw new RpcFaultException(FaultCode.Failed, message) : null;
    }

    private async Task<RpcValue> OneOrGroupAsync(
        string name, Func<ISupervisor, ISupervisedProcess, Pending?> one, Predicate<ISupervisedProcess> applies,
        Func<ISupervisor, ISupervisedProcess, string, Pending?> each)
    {
        var spec = Namespec.Parse(name);
        if (spec.Process is null)
        {
            return Supervisor.Rpc.Dispatch.RpcResults.Of(
                await AllAsync(s => InPriorityOrder(FindGroup(s, spec.Group, name)), applies, each));
        }

        var answer = await InvokeAsync(s =>
        {
            var result = new TaskCompletionSource<RpcFaultException?>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (one(s, FindProcess(s, name)) is { } pending)
            {
                pending(result.SetResult);
            }
            else
            {
                result.SetResult(null);
            }

            return result.Task;
        });
        return await answer is { } fault ? throw fault : true;
    }

    // RPC-048, RPC-049: all are asked first, then awaited together.
    private async Task<IReadOnlyList<ProcessStatus>> AllAsync(
        Func<ISupervisor, IReadOnlyList<ISupervisedProcess>> select, Predicate<ISupervisedProcess> applies,
        Func<ISupervisor, ISupervisedProcess, string, Pending?> each)
    {
        var waiting = await InvokeAsync(s =>
        {
            var results = new List<ProcessStatus>();
            var pending = new List<(ISupervisedProcess Process, Pending Pending)>();
            foreach (var process in select(s).Where(p => applies(p)))
            {
                try
                {
                    if (each(s, process, Namespec.Make(process.Group.Name, process.Config.Name)) is { } more)
                    {
                        pending.Add((process, more));
                    }
                    else
                    {
                        results.Add(Status(process, null));
                    }
                }
                catch (RpcFaultException fault)
                {
                    results.Add(Status(process, fault));
                }
            }

            return WhenAll(results, pending);
        });
        return await waiting;
    }

    // Runs on the loop thread, as do the callbacks.
    private static Task<IReadOnlyList<ProcessStatus>> WhenAll(
        List<ProcessStatus> results, List<(ISupervisedProcess Process, Pending Pending)> pending)
    {
        var all = new TaskCompletionSource<IReadOnlyList<ProcessStatus>>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (pending.Count == 0)
        {
            all.SetResult(results);
            return all.Task;
        }

        var began = Stopwatch.GetTimestamp();
        var completions = new List<(int, TimeSpan, ProcessStatus)>();
        for (var i = 0; i < pending.Count; i++)
        {
            var index = i;
            var process = pending[i].Process;
            pending[i].Pending(fault =>
            {
                completions.Add((index, Stopwatch.GetElapsedTime(began), Status(process, fault)));
                if (completions.Count == pending.Count)
                {
                    all.SetResult([.. results, .. CompletionOrder.Sort(completions)]);
                }
            });
        }

        return all.Task;
    }

    private static ProcessStatus Status(ISupervisedProcess process, RpcFaultException? fault) => new(
        process.Config.Name, process.Group.Name, fault?.Code ?? (int)FaultCode.Success, fault?.Text ?? "OK");

    private static IReadOnlyList<ISupervisedProcess> InPriorityOrder(ISupervisedGroup group) =>
        [.. group.Processes.OrderBy(p => p.Config.Priority)];

    private static IReadOnlyList<ISupervisedProcess> AllInPriorityOrder(ISupervisor supervisor) =>
        [.. supervisor.Groups.OrderBy(g => g.Config.Priority).SelectMany(InPriorityOrder)];
}
