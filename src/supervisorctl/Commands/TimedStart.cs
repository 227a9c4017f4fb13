using System.Globalization;
using Supervisor.Ctl.Shell;
using Supervisor.Rpc.Contract;

namespace Supervisor.Ctl.Commands;

/// <summary>
/// <c>start --timeout</c>: starts without waiting and then watches the processes, all at the same time, until each runs or the time is over.
/// Unlike a plain start it waits through failed attempts, because the next one may succeed.
/// </summary>
internal static class TimedStart
{
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(100);

    public static void Run(Controller ctl, IReadOnlyList<string> names, TimeSpan limit)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var waiting = new List<string>();
        foreach (var name in Targets(ctl, names))
        {
            if (TryBegin(ctl, name))
            {
                waiting.Add(name);
            }
        }

        while (waiting.Count > 0)
        {
            var states = ctl.Supervisor.GetAllProcessInfo().ToLookup(p => Namespec.Make(p.Group, p.Name), p => p.State);
            waiting.RemoveAll(name => IsDecided(ctl, name, states[name].FirstOrDefault()));
            if (clock.Elapsed >= limit)
            {
                foreach (var name in waiting)
                {
                    ctl.Fail(string.Create(CultureInfo.InvariantCulture, $"{name}: ERROR (not running after {limit.TotalSeconds} seconds)"), ExitStatus.NotRunning);
                }

                return;
            }

            if (waiting.Count > 0)
            {
                Thread.Sleep(s_period);
            }
        }
    }

    private static IEnumerable<string> Targets(Controller ctl, IReadOnlyList<string> names)
    {
        var all = ctl.Supervisor.GetAllProcessInfo();
        foreach (var name in names)
        {
            var (group, process) = Namespec.Split(name);
            var members = name == "all" ? all : [.. all.Where(p => p.Group == group)];
            if (process is not null && name != "all")
            {
                yield return Namespec.Make(group, process);
                continue;
            }

            if (members.Count == 0 && name != "all")
            {
                ctl.Fail($"{group}: ERROR (no such group)", ExitStatus.InvalidArguments);
            }

            // As startAllProcesses and startProcessGroup do, without those that are up already.
            foreach (var member in members.Where(p => p.State is not (10 or 20)))
            {
                yield return Namespec.Make(member.Group, member.Name);
            }
        }
    }

    private static bool TryBegin(Controller ctl, string name)
    {
        try
        {
            ctl.Supervisor.StartProcess(name, wait: false);
            return true;
        }
        catch (RpcFaultException e)
        {
            Tell(ctl, name, (FaultCode)e.Code);
            return false;
        }
    }

    // 20 RUNNING, 100 EXITED: it ran; 10 STARTING, 30 BACKOFF: not yet; anything else will not become RUNNING by itself.
    private static bool IsDecided(Controller ctl, string name, int state)
    {
        if (state is 10 or 30)
        {
            return false;
        }

        Tell(ctl, name, state is 20 or 100 ? FaultCode.Success : FaultCode.AbnormalTermination);
        return true;
    }

    private static void Tell(Controller ctl, string name, FaultCode code)
    {
        var (group, process) = Namespec.Split(name);
        ctl.Line(ResultText.Start(new ProcessStatus(process ?? "None", group, (int)code, "")));
        ctl.NoteResult((int)code, FaultCode.AlreadyStarted);
    }
}
