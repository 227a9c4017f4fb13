using Supervisor.Core.Configuration.Expansion;
using Supervisor.Ctl.Output;
using Supervisor.Ctl.Shell;
using Supervisor.Rpc.Contract;

namespace Supervisor.Ctl.Commands;

/// <summary>start, stop, restart, signal and clear (CTL-032..037, CTL-039).</summary>
internal static class ProcessCommands
{
    private const string TimeoutFlag = "--timeout";

    private static readonly BatchVerb StartVerb = new()
    {
        All = s => s.StartAllProcesses(),
        Group = (s, group) => s.StartProcessGroup(group),
        One = (s, name) => s.StartProcess(name),
        Text = ResultText.Start,
        Ignored = FaultCode.AlreadyStarted,
        UnknownGroupStatus = ExitStatus.InvalidArguments,
    };

    private static readonly BatchVerb StopVerb = new()
    {
        All = s => s.StopAllProcesses(),
        Group = (s, group) => s.StopProcessGroup(group),
        One = (s, name) => s.StopProcess(name),
        Text = ResultText.Stop,
        Ignored = FaultCode.NotRunning,
    };

    private static readonly BatchVerb ClearVerb = new()
    {
        All = s => s.ClearAllProcessLogs(),
        One = (s, name) => s.ClearProcessLogs(name),
        Text = ResultText.Clear,
    };

    public static void Start(Controller ctl, string argument)
    {
        if (!ctl.UpCheck() || Names(ctl, "start", argument, ExitStatus.InvalidArguments) is not { } names)
        {
            return;
        }

        try
        {
            if (Flag.TakeSeconds(ref names, TimeoutFlag) is { } limit)
            {
                TimedStart.Run(ctl, names, limit);
            }
            else
            {
                StartVerb.Run(ctl, names);
            }
        }
        catch (FormatException e)
        {
            ctl.Fail(e.Message, ExitStatus.InvalidArguments);
        }
    }

    public static void Stop(Controller ctl, string argument)
    {
        if (ctl.UpCheck() && Names(ctl, "stop", argument, ExitStatus.Generic) is { } names)
        {
            StopVerb.Run(ctl, names);
        }
    }

    /// <summary>Stop and start with the same names, both telling what they do.</summary>
    public static void Restart(Controller ctl, string argument)
    {
        if (!ctl.UpCheck() || Names(ctl, "restart", argument, ExitStatus.Generic) is not { } names)
        {
            return;
        }

        try
        {
            _ = Flag.TakeSeconds(ref names, TimeoutFlag);
            Stop(ctl, string.Join(' ', names));
            Start(ctl, argument);
        }
        catch (FormatException e)
        {
            ctl.Fail(e.Message, ExitStatus.InvalidArguments);
        }
    }

    public static void Clear(Controller ctl, string argument)
    {
        if (ctl.UpCheck() && Names(ctl, "clear", argument, ExitStatus.Generic) is { } names)
        {
            ClearVerb.Run(ctl, names);
        }
    }

    public static void Signal(Controller ctl, string argument)
    {
        if (!ctl.UpCheck())
        {
            return;
        }

        var words = PythonText.Split(argument);
        if (words.Length < 2)
        {
            ctl.Fail("Error: signal requires a signal name and a process name");
            HelpCommand.Show(ctl, "signal");
            return;
        }

        var signal = words[0];
        var verb = new BatchVerb
        {
            All = s => s.SignalAllProcesses(signal),
            Group = (s, group) => s.SignalProcessGroup(group, signal),
            One = (s, name) => s.SignalProcess(name, signal),
            Text = ResultText.Signal,
        };
        verb.Run(ctl, words[1..]);
    }

    /// <summary>The names, or null with the complaint shown.</summary>
    private static string[]? Names(Controller ctl, string command, string argument, int statusWithout)
    {
        var names = PythonText.Split(argument);
        if (names.Length > 0)
        {
            return names;
        }

        ctl.Fail($"Error: {command} requires a process name", statusWithout);
        HelpCommand.Show(ctl, command);
        return null;
    }
}
