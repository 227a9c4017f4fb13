using Supervisor.Unix.Tests.Support;

namespace Supervisor.Unix.Tests.Daemon;

public sealed class DaemonTests
{
    [Fact]
    public void Daemonizer_Ready_ParentEndsWith0AndChildIsDetached_DMN025()
    {
        var directory = Kernel.TemporaryDirectory();
        var note = Path.Combine(directory, "note");
        var (output, _, status) = Kernel.Run(Kernel.Probe("daemon", "ready", directory, note));
        Assert.Equal((0, "still here\n"), (status, output));
        var lines = File.ReadAllLines(note);
        Assert.Equal([directory, lines[1], lines[1], "/dev/null", "clean"], lines);
    }

    [Fact]
    public void Daemonizer_BadDirectory_IsToldAndTheRestDone_DMN025()
    {
        var note = Path.Combine(Kernel.TemporaryDirectory(), "note");
        Assert.Equal(0, Kernel.Run(Kernel.Probe("daemon", "ready", "/nonexistent", note)).Status);
        var lines = File.ReadAllLines(note);
        Assert.StartsWith("[Errno 2] No such file or directory", lines[0], StringComparison.Ordinal);
        Assert.Equal("/dev/null", lines[3]);
    }

    [Theory]
    [InlineData("fail", 2)]
    [InlineData("die", 137)]
    public void Daemonizer_ChildEndsEarly_ParentPassesItsStatusOn_DMN002(string how, int expected) =>
        Assert.Equal(expected, Kernel.Run(Kernel.Probe("daemon", how)).Status);

    [Fact]
    public void Privileges_Drop_ChangesEveryThread_DMN006()
    {
        Kernel.NeedRoot();
        Assert.Equal("dropped 65534 65534 65534 65534\n", Kernel.Run(Kernel.Probe("drop", "65534")).Output);
    }

    [Fact]
    public void Privileges_AsNonroot_RefusesOthersAndAcceptsItself_DMN005()
    {
        Kernel.NeedRoot();
        Assert.Equal("Can't drop privilege as nonroot user\n", Kernel.Run(Kernel.Probe("drop", "0") with { Uid = Kernel.Nobody }).Output);
        Assert.StartsWith("dropped 65534", Kernel.Run(Kernel.Probe("drop", "65534") with { Uid = Kernel.Nobody }).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Limits_TooLowSoft_AreRaisedAndTold_DMN007()
    {
        Assert.Equal(("Increased RLIMIT_NOFILE limit to 150\n", "", 0), Kernel.Run(Kernel.Probe("limits", "150", "1")));
    }

    [Fact]
    public void Limits_AboveHardWithoutPrivilege_AreTheUsageText_DMN008()
    {
        Kernel.NeedRoot();
        var request = Kernel.Shell($"ulimit -n 200; exec {Kernel.Self} --probe limits 300 1") with { Uid = Kernel.Nobody };
        var (output, _, status) = Kernel.Run(request);
        Assert.Equal(2, status);
        Assert.StartsWith("The minimum number of file descriptors required to run this process is 300 as per the \"minfds\" command-line "
            + "argument or config file setting. The current environment will only allow you to open 300 file descriptors.", output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void PidProxy_Term_IsForwardedAndEndsTheProxyAtOnce_CLI022()
    {
        var pidFile = Path.Combine(Kernel.TemporaryDirectory(), "pid");
        var started = Kernel.Host.Spawn(Kernel.Probe(
            "pidproxy", pidFile, "/bin/sh", "-c", "trap 'rm $0; echo usr1' USR1; trap 'echo term; exit' TERM; echo $$ >$0; echo up; while :; do sleep 0.02; done", pidFile));
        Kernel.Await(started.Stdout!, "up");
        Kernel.Host.Kill(started.Pid, 10);
        Kernel.Await(started.Stdout!, "usr1");
        Kernel.Host.Kill(started.Pid, 15);
        Kernel.Await(started.Stdout!, $"Can't read child pidfile {pidFile}!");
        File.WriteAllText(pidFile, Directory.GetDirectories("/proc").Select(Path.GetFileName)
            .Single(pid => int.TryParse(pid, out _) && ParentOf(pid!) == Kernel.Number(started.Pid)));
        Kernel.Host.Kill(started.Pid, 15);
        Assert.Equal(0, Daemonizer.ExitStatusOf(started.Pid));
        Assert.Contains("term", Kernel.ReadAll(started.Stdout!), StringComparison.Ordinal);
        started.Stdin!.Dispose();
        started.Stderr!.Dispose();
    }

    [Theory]
    [InlineData("/bin/false")]
    [InlineData("/nonexistent")]
    public void PidProxy_CommandEnds_StatusIsAlways0_CLI020(string command) =>
        Assert.Equal(0, Kernel.Run(Kernel.Probe("pidproxy", "/tmp/none", command)).Status);

    [Fact]
    public void PidProxy_TooFewWords_PrintsUsage_CLI019()
    {
        var (output, _, status) = Kernel.Run(Kernel.Probe("pidproxy", "one"));
        Assert.Equal(1, status);
        Assert.Contains("pidproxy <pidfile name> <command> [<cmdarg1> ...]", output, StringComparison.Ordinal);
    }

    private static string? ParentOf(string pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1].Split(' ')[1];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
