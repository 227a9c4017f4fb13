using System.Globalization;
using Supervisor.Core.Configuration.Expansion;
using Supervisor.Ctl.Output;
using Supervisor.Ctl.Shell;
using Supervisor.Rpc.Client;
using Supervisor.Rpc.Contract;

namespace Supervisor.Ctl.Commands;

/// <summary>avail and reread (CTL-050, CTL-051).</summary>
internal static class ConfigCommands
{
    public static void Avail(Controller ctl, string argument)
    {
        if (HelpCommand.RefusedArguments(ctl, "avail", argument))
        {
            return;
        }

        try
        {
            foreach (var process in ctl.Supervisor.GetAllConfigInfo())
            {
                ctl.Line(Format(process));
            }
        }
        catch (RpcFaultException e) when (e.Code == (int)FaultCode.ShutdownState)
        {
            ctl.Fail("ERROR: supervisor shutting down");
        }
    }

    public static void Reread(Controller ctl, string argument)
    {
        if (HelpCommand.RefusedArguments(ctl, "reread", argument))
        {
            return;
        }

        try
        {
            Show(ctl, ctl.Supervisor.ReloadConfig());
        }
        catch (RpcFaultException e) when (e.Code == (int)FaultCode.ShutdownState)
        {
            ctl.Fail("ERROR: supervisor shutting down");
        }
        catch (RpcFaultException e) when (e.Code == (int)FaultCode.CantReread)
        {
            ctl.Fail($"ERROR: {e.Text}");
        }
    }

    private static void Show(Controller ctl, ReloadResult changes)
    {
        // A group that is in two lists shows its last state only.
        var states = new SortedDictionary<string, string>(CodePointOrder.Comparer);
        foreach (var (names, state) in new[]
            { (changes.Added, "available"), (changes.Changed, "changed"), (changes.Removed, "disappeared") })
        {
            foreach (var name in names)
            {
                states[name] = state;
            }
        }

        if (states.Count == 0)
        {
            ctl.Line("No config updates to processes");
        }

        foreach (var (name, state) in states)
        {
            ctl.Line($"{name}: {state}");
        }
    }

    private static string Format(ConfiguredProcess process) =>
        PythonText.PadRight(Namespec.Make(process.Group, process.Name), 32)
        + (process.InUse ? " in use   " : " avail    ")
        + (process.Autostart ? " auto     " : " manual   ")
        + string.Create(CultureInfo.InvariantCulture, $" {process.GroupPriority}:{process.ProcessPriority}");
}
