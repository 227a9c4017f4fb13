using System.Globalization;
using Supervisor.Core.Configuration.Expansion;
using Supervisor.Ctl.Output;
using Supervisor.Ctl.Shell;
using Supervisor.Rpc.Contract;

namespace Supervisor.Ctl.Commands;

/// <summary>status and pid (CTL-030, CTL-031, CTL-038).</summary>
internal static class StatusCommands
{
    private const string JsonFlag = "--json";
    private const string WatchFlag = "--watch";

    public static void Status(Controller ctl, string argument)
    {
        var names = PythonText.Split(argument);
        var json = Flag.Take(ref names, JsonFlag);
        try
        {
            TimeSpan? period = Flag.Take(ref names, WatchFlag) ? StatusWatch.DefaultPeriod : Flag.TakeSeconds(ref names, WatchFlag);
            if (period is null)
            {
                List(ctl, names, json);
            }
            else
            {
                StatusWatch.Run(ctl, period.Value, () => List(ctl, names, json));
            }
        }
        catch (FormatException e)
        {
            ctl.Fail(e.Message, ExitStatus.InvalidArguments);
        }
    }

    private static void List(Controller ctl, string[] names, bool json)
    {
        if (!ctl.UpCheck())
        {
            ctl.ExitStatus = ExitStatus.StatusUnknown;
            return;
        }

        var all = ctl.Supervisor.GetAllProcessInfo();
        var shown = names.Length == 0 || names.Contains("all") ? all : Select(ctl, all, names, json);

        if (json)
        {
            ctl.Output.Bytes(StatusJson.Format(shown));
        }
        else
        {
            Show(ctl, shown);
        }

        // STOPPED, EXITED, FATAL and UNKNOWN; processes on their way up or down count as fine.
        if (shown.Any(p => p.State is 0 or 100 or 200 or 1000))
        {
            ctl.ExitStatus = ExitStatus.StatusNotRunning;
        }
    }

    public static void Pid(Controller ctl, string argument)
    {
        if (!ctl.UpCheck())
        {
            return;
        }

        var names = PythonText.Split(argument);
        if (names.Length == 0)
        {
            ctl.Line(Text(ctl.Supervisor.GetPid()));
        }
        else if (names.Contains("all"))
        {
            foreach (var process in ctl.Supervisor.GetAllProcessInfo())
            {
                ctl.Line(Text(process.Pid));
            }
        }
        else
        {
            foreach (var name in names)
            {
                PidOf(ctl, name);
            }
        }
    }

    private static void PidOf(Controller ctl, string name)
    {
        try
        {
            var pid = ctl.Supervisor.GetProcessInfo(name).Pid;
            ctl.Line(Text(pid));
            if (pid == 0)
            {
                ctl.ExitStatus = ExitStatus.NotRunning;
            }
        }
        catch (RpcFaultException e) when (e.Code == (int)FaultCode.BadName)
        {
            ctl.Fail($"No such process {name}");
        }
    }

    private static List<ProcessInfo> Select(Controller ctl, IReadOnlyList<ProcessInfo> all, string[] names, bool json)
    {
        var selected = new List<ProcessInfo>();
        foreach (var name in names)
        {
            var (group, process) = Namespec.Split(name);
            var before = selected.Count;
            selected.AddRange(all.Where(p => p.Group == group && (process is null || p.Name == process)));
            if (selected.Count > before)
            {
                continue;
            }

            var complaint = process is null ? $"{group}: ERROR (no such group)" : $"{name}: ERROR (no such process)";
            ctl.ExitStatus = ExitStatus.StatusUnknown;
            (json ? ctl.Errors : ctl.Output).Line(complaint);
        }

        return selected;
    }

    private static void Show(Controller ctl, IReadOnlyList<ProcessInfo> processes)
    {
        var width = 30;
        foreach (var process in processes)
        {
            width = Math.Max(width, PythonText.Length(Namespec.Make(process.Group, process.Name)));
        }

        foreach (var process in processes)
        {
            ctl.Line(PythonText.PadRight(Namespec.Make(process.Group, process.Name), width + 3)
                + StateColour.Paint(ctl.Output, process.State, PythonText.PadRight(process.StateName, 10)) + process.Description);
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
