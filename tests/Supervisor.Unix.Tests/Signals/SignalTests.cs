using System.Globalization;
using Supervisor.Unix.Tests.Support;

namespace Supervisor.Unix.Tests.Signals;

public sealed class SignalTests
{
    [Theory]
    [InlineData("")]
    [InlineData("trap '' TERM INT QUIT HUP USR2; ")]
    public void Inbox_EachSignal_ArrivesEvenIfInheritedAsIgnored_DMN047(string before)
    {
        var started = Kernel.Host.Spawn(Kernel.Shell($"{before}exec {Kernel.Self} --probe signals"));
        Kernel.Await(started.Stdout!, "ready " + started.Pid.ToString(CultureInfo.InvariantCulture));
        foreach (var signal in new[] { 1, 2, 3, 12, 15 })
        {
            Kernel.Host.Kill(started.Pid, signal);
            Kernel.Await(started.Stdout!, "got " + signal.ToString(CultureInfo.InvariantCulture));
        }

        started.Stdin!.Dispose();
        Assert.Equal("", Kernel.ReadAll(started.Stdout!));
        started.Stderr!.Dispose();
        Assert.Equal(0, Daemonizer.ExitStatusOf(started.Pid));
    }

    [Fact]
    public void FileSizeLimit_WriteBeyond_FailsAndIsNotInherited()
    {
        var path = Path.Combine(Kernel.TemporaryDirectory(), "file");
        Assert.Equal(("errno 27\nhandled\n", "", 0), Kernel.Run(Kernel.Probe("file size", path)));
    }

    [Fact]
    public void Interruptible_SignalBeforeAnybodyReads_EndsTheProcess()
    {
        var started = Kernel.Host.Spawn(Kernel.Shell($"exec {Kernel.Self} --probe interruptible"));
        Kernel.Await(started.Stdout!, "waiting");
        Kernel.Host.Kill(started.Pid, 1);
        Kernel.Host.Kill(started.Pid, 15);
        Assert.Equal(128 + 15, Daemonizer.ExitStatusOf(started.Pid));
        started.Stdin!.Dispose();
        started.Stdout!.Dispose();
        started.Stderr!.Dispose();
    }

    [Fact]
    public void Inbox_WithoutMask_RefusesInsteadOfLosingSignals() =>
        Assert.Throws<InvalidOperationException>(() => new SignalInbox(() => { }));

    [Fact]
    public void Waiter_AsPid1OnATerminal_SeesEveryStatusAndTheOrphans_TRAP57()
    {
        Kernel.NeedRoot();
        Assert.SkipUnless(File.Exists("/usr/bin/unshare") && File.Exists("/usr/bin/script"), "needs unshare and script");
        Assert.SkipUnless(Kernel.Run(Kernel.Shell("unshare --fork --pid --mount-proc true")).Status == 0, "may not unshare");
        var (output, _, _) = Kernel.Run(Kernel.Shell(
            $"script -qec 'unshare --fork --pid --mount-proc {Kernel.Self} --probe waiter' /dev/null"));
        Assert.Contains("pid 1 right 20 strangers 1 signal 15", output, StringComparison.Ordinal);
    }
}
