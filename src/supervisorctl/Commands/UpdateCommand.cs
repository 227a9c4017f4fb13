using Supervisor.Core.Configuration.Expansion;
using Supervisor.Ctl.Output;
using Supervisor.Ctl.Shell;
using Supervisor.Rpc.Contract;

namespace Supervisor.Ctl.Commands;

/// <summary>update: reread, then bring the groups in line with the files (CTL-052, CTL-053).</summary>
internal static class UpdateCommand
{
    public static void Run(Controller ctl, string argument)
    {
        ReloadResult changes;
        try
        {
            changes = ctl.Supervisor.ReloadConfig();
        }
        catch (RpcFaultException e) when (e.Code == (int)FaultCode.ShutdownState)
        {
            ctl.Fail("ERROR: already shutting down");
            return;
        }
        catch (RpcFaultException e) when (e.Code == (int)FaultCode.CantReread)
        {
            // As reread tells it (QRK-039).
            ctl.Fail($"ERROR: {e.Text}");
            return;
        }

        var only = PythonText.Split(argument).Distinct(StringComparer.Ordinal).ToArray();
        if (only.Contains("all"))
        {
            only = [];
        }

        if (only.Length > 0)
        {
            ComplainAboutUnknown(ctl, only, changes.Added);
        }

        bool Wanted(string group) => only.Length == 0 || only.Contains(group);

        foreach (var group in changes.Removed.Where(Wanted))
        {
            Remove(ctl, group);
        }

        foreach (var group in changes.Changed.Where(Wanted))
        {
            ctl.Supervisor.StopProcessGroup(group);
            ctl.Line($"{group}: stopped");
            ctl.Supervisor.RemoveProcessGroup(group);
            ctl.Supervisor.AddProcessGroup(group);
            ctl.Line($"{group}: updated process group");
        }

        foreach (var group in changes.Added.Where(Wanted))
        {
            ctl.Supervisor.AddProcessGroup(group);
            ctl.Line($"{group}: added process group");
        }
    }

    private static void ComplainAboutUnknown(Controller ctl, string[] names, IReadOnlyList<string> added)
    {
        var known = ctl.Supervisor.GetAllProcessInfo().Select(p => p.Group).Concat(added).ToHashSet(StringComparer.Ordinal);
        foreach (var name in names.Where(n => !known.Contains(n)))
        {
            ctl.Fail($"ERROR: no such group: {name}");
        }
    }

    private static void Remove(Controller ctl, string group)
    {
        var results = ctl.Supervisor.StopProcessGroup(group);
        ctl.Line($"{group}: stopped");
        if (results.Any(r => r.Status == (int)FaultCode.Failed))
        {
            ctl.Fail($"{group}: has problems; not removing");
            return;
        }

        ctl.Supervisor.RemoveProcessGroup(group);
        ctl.Line($"{group}: removed process group");
    }
}
