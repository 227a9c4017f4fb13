using Supervisor.Core.Configuration.Expansion;
using Supervisor.Ctl.Output;
using Supervisor.Ctl.Shell;
using Supervisor.Rpc.Contract;

namespace Supervisor.Ctl.Commands;

/// <summary>add and remove (CTL-054).</summary>
internal static class GroupCommands
{
    public static void Add(Controller ctl, string argument)
    {
        // An address that cannot be used is an error even when there is nothing to do.
        _ = ctl.Supervisor;
        foreach (var name in PythonText.Split(argument))
        {
            try
            {
                ctl.Supervisor.AddProcessGroup(name);
                ctl.Line($"{name}: added process group");
            }
            catch (RpcFaultException e) when (e.Code == (int)FaultCode.ShutdownState)
            {
                ctl.Fail("ERROR: shutting down");
            }
            catch (RpcFaultException e) when (e.Code == (int)FaultCode.AlreadyAdded)
            {
                ctl.Line("ERROR: process group already active");
            }
            catch (RpcFaultException e) when (e.Code == (int)FaultCode.BadName)
            {
                ctl.Fail($"ERROR: no such process/group: {name}");
            }
        }
    }

    public static void Remove(Controller ctl, string argument)
    {
        _ = ctl.Supervisor;
        foreach (var name in PythonText.Split(argument))
        {
            try
            {
                ctl.Supervisor.RemoveProcessGroup(name);
                ctl.Line($"{name}: removed process group");
            }
            catch (RpcFaultException e) when (e.Code == (int)FaultCode.StillRunning)
            {
                ctl.Fail($"ERROR: process/group still running: {name}");
            }
            catch (RpcFaultException e) when (e.Code == (int)FaultCode.BadName)
            {
                ctl.Fail($"ERROR: no such process/group: {name}");
            }
        }
    }
}
