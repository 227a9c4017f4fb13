using System.Globalization;
using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix.Tests.Support;

/// <summary>What the test executable does when it plays a process under test. Answers on standard output by write(2).</summary>
internal static class Probes
{
    private const int FileSizeLimit = 1; // RLIMIT_FSIZE

    internal static int Run(string name, string[] args)
    {
        switch (name)
        {
            case "signals":
                return Signals();
            case "daemon":
                return Background(args);
            case "pidproxy":
                return PidProxy.Run("pidproxy", args);
            case "drop":
                return Drop(int.Parse(args[0], CultureInfo.InvariantCulture));
            case "waiter":
                return Waiter();
            case "interruptible":
                SignalMask.Ensure();
                return SignalMask.Interruptible(() =>
                {
                    Say("waiting");
                    Thread.Sleep(Timeout.Infinite);
                    return 1;
                });
            case "file size":
                return FileSize(args[0]);
            case "limits":
                return Limits(args);
            default:
                return 99;
        }
    }

    internal static void Say(string text) => StandardStreams.WriteLine(StandardStreams.Output, text);

    private static int Signals()
    {
        SignalMask.Ensure();
        using var bell = new AutoResetEvent(false);
        using var inbox = new SignalInbox(() => bell.Set());
        Say("ready " + ProcessIdentity.Pid);
        while (true)
        {
            bell.WaitOne();
            while (inbox.TryTake(out var signal))
            {
                Say("got " + signal);
                if (signal == 15)
                {
                    return 0;
                }
            }
        }
    }

    private static int Background(string[] args)
    {
        var detached = Daemonizer.Inherited();
        if (detached is null)
        {
            return Daemonizer.Launch([Environment.ProcessPath!, "--probe", "daemon", .. args]);
        }

        SignalMask.Ensure();
        if (args[0] == "fail")
        {
            return 2;
        }

        if (args[0] == "die")
        {
            Kernel.Host.Kill(ProcessIdentity.Pid, 9);
        }

        Say("still here");
        string? complaint = null;
        try
        {
            Daemonizer.EnterBackground(args[1], 0x3F);
        }
        catch (PosixException e)
        {
            complaint = e.Message;
        }

        File.WriteAllText(args[2] + ".tmp", string.Join('\n',
            complaint ?? Directory.GetCurrentDirectory(),
            ProcessIdentity.Pid.ToString(CultureInfo.InvariantCulture),
            File.ReadAllText("/proc/self/stat").Split(' ')[5],
            new FileInfo("/proc/self/fd/1").LinkTarget,
            Environment.GetEnvironmentVariable("SUPERVISOR_NET_DETACHED") is null
                && !new UnixConfigHost(new UserDatabase()).Environment.ContainsKey("SUPERVISOR_NET_DETACHED") ? "clean" : "marked"));
        File.Move(args[2] + ".tmp", args[2]);
        detached.Ready();
        return 0;
    }

    private static int Drop(int uid)
    {
        var refusal = Privileges.Drop(uid, new UserDatabase());
        Say(refusal ?? "dropped " + string.Join(',', Kernel.UidsOfAllThreads().Distinct()));
        return 0;
    }

    /// <summary>Writes beyond RLIMIT_FSIZE. A handler, unlike an ignored signal, is not inherited by what a process executes.</summary>
    private static int FileSize(string path)
    {
        ProcessStart.Prepare();
        // Here and not by the starter: the runtime of the tests makes large files of its own.
        Libc.Check(Libc.setrlimit(FileSizeLimit, new Libc.Limit { Soft = 100_000, Hard = 100_000 }));
        using var file = DescriptorFile.Open(path, Libc.O_WRONLY | Libc.O_CREAT);
        try
        {
            while (true)
            {
                file.Write(new byte[65536]);
            }
        }
        catch (PosixException e)
        {
            Say("errno " + e.Errno);
        }

        var ignored = Convert.ToUInt64(File.ReadLines("/proc/self/status").Single(l => l.StartsWith("SigIgn", StringComparison.Ordinal)).Split('\t')[1], 16);
        Say((ignored >> (Libc.SIGXFSZ - 1) & 1) == 0 ? "handled" : "ignored");
        return 0;
    }

    private static int Limits(string[] args)
    {
        // Here and not by the starter: the runtime of the tests (not that of the product) raises a soft limit by itself when it starts.
        Libc.Check(Libc.getrlimit(Libc.RLIMIT_NOFILE, out var limit));
        Libc.Check(Libc.setrlimit(Libc.RLIMIT_NOFILE, limit with { Soft = Math.Min(limit.Hard, 100) }));
        try
        {
            foreach (var line in ResourceLimits.Raise(
                int.Parse(args[0], CultureInfo.InvariantCulture), int.Parse(args[1], CultureInfo.InvariantCulture)))
            {
                Say(line);
            }

            return 0;
        }
        catch (ResourceLimitException e)
        {
            Say(e.Message);
            return 2;
        }
    }

    /// <summary>As PID 1 on a terminal: own children and an orphan, every status accounted for.</summary>
    private static int Waiter()
    {
        SignalMask.Ensure();
        using var poller = new EpollPoller();
        using var inbox = new SignalInbox(poller.Wake);
        using var waiter = new ChildWaiter(poller.Wake);
        using var host = new UnixProcessHost(new UserDatabase());
        waiter.Start();
        var expected = new Dictionary<int, int>();
        for (var code = 1; code <= 20; code++)
        {
            // The last one leaves a grandchild behind, which ends later as ours.
            var script = code == 20 ? "(sleep 0.3; exit 33) & exit 20" : $"exit {code}";
            var started = host.Spawn(Kernel.Shell(script));
            expected.Add(started.Pid, code);
            waiter.NotifySpawned();
            started.Stdin!.Dispose();
            started.Stdout!.Dispose();
            started.Stderr!.Dispose();
        }

        var right = 0;
        var strangers = 0;
        while (right < 20 || strangers < 1)
        {
            poller.Wait(TimeSpan.FromSeconds(20));
            while (host.TryReap(out var child))
            {
                var status = child.WaitStatus >> 8;
                if (expected.TryGetValue(child.Pid, out var code))
                {
                    right += status == code ? 1 : 0;
                }
                else
                {
                    strangers += status == 33 ? 1 : 0;
                }
            }

            waiter.Continue();
        }

        // The kernel drops what PID 1 leaves at its default, unless it is blocked.
        host.Kill(ProcessIdentity.Pid, 15);
        int signal;
        while (!inbox.TryTake(out signal))
        {
            poller.Wait(TimeSpan.FromSeconds(20));
        }

        Say($"pid {ProcessIdentity.Pid} right {right} strangers {strangers} signal {signal}");
        return 0;
    }
}
