using Supervisor.Ctl.Shell;
using Supervisor.Rpc.Client;
using Supervisor.Rpc.Contract;

namespace Supervisor.Ctl.Commands;

/// <summary>Something done to all processes, to groups or to processes by name, with one line told about each.</summary>
internal sealed record BatchVerb
{
    public required Func<SupervisorClient, IReadOnlyList<ProcessStatus>> All { get; init; }

    /// <summary>Null when the verb knows no groups: <c>g:*</c> is then passed on like a process.</summary>
    public Func<SupervisorClient, string, IReadOnlyList<ProcessStatus>>? Group { get; init; }

    public required Action<SupervisorClient, string> One { get; init; }

    public required Func<ProcessStatus, string> Text { get; init; }

    /// <summary>A fault that leaves the exit status alone.</summary>
    public FaultCode Ignored { get; init; } = FaultCode.Success;

    public int UnknownGroupStatus { get; init; } = ExitStatus.Generic;

    public void Run(Controller ctl, IReadOnlyList<string> names)
    {
        if (names.Contains("all"))
        {
            Tell(ctl, All(ctl.Supervisor));
            return;
        }

        foreach (var name in names)
        {
            var (group, process) = Namespec.Split(name);
            if (process is null && Group is not null)
            {
                RunGroup(ctl, Group, group);
            }
            else
            {
                RunOne(ctl, name, group, process ?? "None");
            }
        }
    }

    private void RunGroup(Controller ctl, Func<SupervisorClient, string, IReadOnlyList<ProcessStatus>> call, string group)
    {
        try
        {
            Tell(ctl, call(ctl.Supervisor, group));
        }
        catch (RpcFaultException e) when (e.Code == (int)FaultCode.BadName)
        {
            ctl.Fail($"{group}: ERROR (no such group)", UnknownGroupStatus);
        }
    }

    private void RunOne(Controller ctl, string name, string group, string process)
    {
        ProcessStatus result;
        try
        {
            One(ctl.Supervisor, name);
            result = new ProcessStatus(process, group, (int)FaultCode.Success, "OK");
        }
        catch (RpcFaultException e)
        {
            result = new ProcessStatus(process, group, e.Code, e.Text);
        }

        Tell(ctl, [result]);
    }

    private void Tell(Controller ctl, IReadOnlyList<ProcessStatus> results)
    {
        foreach (var result in results)
        {
            ctl.Line(Text(result));
            ctl.NoteResult(result.Status, Ignored);
        }
    }
}
