using System.Globalization;
using System.Text;
using Supervisor.Core.Ports;
using Supervisor.Unix.Tests.Support;

namespace Supervisor.Unix.Tests.Processes;

public sealed class UnixProcessHostTests
{
    [Fact]
    public void Spawn_FiveHundredTimes_LeavesNoDescriptor()
    {
        var separate = false;
        Kernel.AssertLeaksNoDescriptor(
            () =>
            {
                separate = !separate;
                Assert.Equal(3, Kernel.Run(Kernel.Shell("exit 3") with { RedirectStderr = !separate }).Status);
            },
            500);
    }

    [Fact]
    public void Spawn_PlainChild_HasOwnGroupDefaultSignalsAndThreeDescriptors_SPN024_SPN025()
    {
        using var leaky = File.OpenRead("/etc/passwd");
        var (output, _, status) = Kernel.Run(Kernel.Shell("cat /proc/self/status; echo group $(cut -d' ' -f5 /proc/$$/stat) $$"));
        Assert.Equal(0, status);
        Assert.Equal(0UL, Mask(output, "SigIgn"));
        Assert.Equal(0UL, Mask(output, "SigBlk"));
        // The fourth is the listing itself.
        var listing = Kernel.Run(Kernel.Shell("") with { FileName = "/bin/ls", Arguments = ["ls", "/proc/self/fd"] });
        Assert.Equal("0\n1\n2\n3\n", listing.Output);
        var group = output.Split('\n').Single(line => line.StartsWith("group", StringComparison.Ordinal)).Split(' ');
        Assert.Equal(group[1], group[2]);
    }

    [Fact]
    public void Spawn_RedirectStderr_SharesTheStdoutPipe_SPN025()
    {
        var (output, errors, _) = Kernel.Run(Kernel.Shell("echo out; echo err >&2") with { RedirectStderr = true });
        Assert.Equal("out\nerr\n", output);
        Assert.Equal("", errors);
    }

    [Fact]
    public void Spawn_Stdin_ReachesTheChildAndItsEndBlocks_SPN025()
    {
        var started = Kernel.Host.Spawn(Kernel.Shell("read line; echo got $line; echo flags $(grep flags /proc/$$/fdinfo/0)"));
        Assert.Equal(6, started.Stdin!.Write("hello\n"u8));
        var output = Kernel.ReadAll(started.Stdout!);
        Assert.StartsWith("got hello\n", output, StringComparison.Ordinal);
        var flags = Convert.ToInt32(output.Trim().Split(' ')[^1], 8);
        Assert.Equal(0, flags & 0x800);
        started.Stdin.Dispose();
        started.Stderr!.Dispose();
        Assert.Equal(0, Daemonizer.ExitStatusOf(started.Pid));
    }

    [Fact]
    public void Spawn_DirectoryUmaskEnvironmentAndArgv_AreTheChilds_SPN007_SPN033()
    {
        var directory = Kernel.TemporaryDirectory();
        var request = Kernel.Shell("pwd; umask; echo $GREETING; tr '\\0' '|' </proc/$$/cmdline") with
        {
            Directory = directory,
            Umask = 0x1F,
            Environment = new Dictionary<string, string> { ["GREETING"] = "grüße", ["PATH"] = "/bin:/usr/bin" },
        };
        request = request with { Arguments = ["my name", .. request.Arguments.Skip(1)] };
        var (output, _, _) = Kernel.Run(request);
        Assert.StartsWith($"{directory}\n0037\ngrüße\nmy name|-c|", output, StringComparison.Ordinal);
        Assert.NotEqual("0037", Kernel.Run(Kernel.Shell("umask")).Output.Trim());
    }

    [Fact]
    public void Spawn_BytesThatAreNoUtf8_ArriveUnchanged()
    {
        var odd = OsText.Decode([0x61, 0xFF, 0x62]);
        var request = Kernel.Shell("printf %s \"$ODD\" | od -An -tx1");
        var (output, _, _) = Kernel.Run(request with { Environment = new Dictionary<string, string> { ["ODD"] = odd, ["PATH"] = "/bin:/usr/bin" } });
        Assert.Equal("61 ff 62", output.Trim());
    }

    [Theory]
    [InlineData("/nonexistent/program", null, "couldn't exec written: ENOENT")]
    [InlineData("/etc/passwd", null, "couldn't exec written: EACCES")]
    [InlineData("/bin/true", "/nonexistent", "couldn't chdir to /nonexistent: ENOENT")]
    [InlineData("/bin/true", "/etc/passwd", "couldn't chdir to /etc/passwd: ENOTDIR")]
    [InlineData("/bin/true", "", "couldn't chdir to : ENOENT")]
    [InlineData("/bin/tr\0ue", null, "couldn't exec written: EINVAL")]
    public void Spawn_ChildCannotBecomeTheProgram_SaysWhyAndEndsWith127_SPN026_SPN027(string file, string? directory, string reason)
    {
        Kernel.AssertLeaksNoDescriptor(() => AssertFails(Kernel.Shell("") with { FileName = file, Directory = directory, Arguments = ["written"] }, reason));
    }

    [Fact]
    public void Spawn_ArgumentsTooLong_SaysSoInTheChild() =>
        AssertFails(Kernel.Shell("") with { Arguments = ["written", new string('x', 1 << 20)] }, "couldn't exec written: E2BIG");

    [Fact]
    public void Spawn_RedirectStderr_ReasonGoesToStdout()
    {
        var (output, _, status) = Kernel.Run(Kernel.Shell("") with { FileName = "/nonexistent", Arguments = ["written"], RedirectStderr = true });
        Assert.Equal(("supervisor: couldn't exec written: ENOENT\nsupervisor: child process was not spawned\n", 127), (output, status));
    }

    [Fact]
    public void Spawn_ScriptWithoutInterpreterLine_IsAnExecFormatError()
    {
        var script = Path.Combine(Kernel.TemporaryDirectory(), "script");
        File.WriteAllText(script, "echo hello\n");
        File.SetUnixFileMode(script, (UnixFileMode)0x1ED);
        AssertFails(Kernel.Shell("") with { FileName = script, Arguments = ["written"] }, "couldn't exec written: ENOEXEC");
    }

    [Fact]
    public void Spawn_OutOfDescriptors_FailsAtThePipesAndLeavesNothing_SPN021()
    {
        Interop.Libc.getrlimit(Interop.Libc.RLIMIT_NOFILE, out var limit);
        Interop.Libc.setrlimit(Interop.Libc.RLIMIT_NOFILE, limit with { Soft = (ulong)Kernel.CountDescriptors() + 40 });
        try
        {
            // All but an odd few, so that the failure comes in the middle.
            for (var spare = 0; spare < 6; spare++)
            {
                Kernel.AssertLeaksNoDescriptor(() => SpawnWithOnlySpareDescriptors(spare), 8);
            }
        }
        finally
        {
            Interop.Libc.setrlimit(Interop.Libc.RLIMIT_NOFILE, limit);
        }
    }

    [Fact]
    public void Spawn_OtherUser_ChildHasNothingOfRootAndDaemonKeepsItself_SPN032()
    {
        Kernel.NeedRoot();
        var before = File.ReadAllText("/proc/thread-self/status");
        var (output, _, _) = Kernel.Run(Kernel.Shell("cat /proc/self/status") with { Uid = Kernel.Nobody });
        Assert.Equal("65534 65534 65534 65534", Kernel.Line(output, "Uid"));
        Assert.Equal("65534 65534 65534 65534", Kernel.Line(output, "Gid"));
        Assert.Equal("65534", Kernel.Line(output, "Groups"));
        Assert.Equal(0UL, Mask(output, "CapEff"));
        Assert.Equal(0UL, Mask(output, "CapPrm"));
        var after = File.ReadAllText("/proc/thread-self/status");
        foreach (var row in new[] { "Uid", "Gid", "Groups", "CapEff", "CapPrm" })
        {
            Assert.Equal(Kernel.Line(before, row), Kernel.Line(after, row));
        }
    }

    [Fact]
    public void Spawn_OtherUserWithoutRightToDirectory_FailsThere_SPN034()
    {
        Kernel.NeedRoot();
        var directory = Kernel.TemporaryDirectory();
        File.SetUnixFileMode(directory, (UnixFileMode)0x1C0);
        AssertFails(Kernel.Shell("") with { Uid = Kernel.Nobody, Directory = directory }, $"couldn't chdir to {directory}: EACCES");
    }

    [Fact]
    public void Spawn_OtherUserWhoMayNotExecute_FailsThere()
    {
        Kernel.NeedRoot();
        var script = Path.Combine(Kernel.TemporaryDirectory(), "script");
        File.WriteAllText(script, "#!/bin/sh\n");
        File.SetUnixFileMode(script, (UnixFileMode)0x1C0);
        AssertFails(Kernel.Shell("") with { Uid = Kernel.Nobody, FileName = script, Arguments = ["written"] }, "couldn't exec written: EACCES");
    }

    [Fact]
    public void Spawn_OtherUser_LeadsASessionWithoutATerminal()
    {
        Kernel.NeedRoot();
        const string session = "echo $(cut -d' ' -f6 /proc/$$/stat) $$";
        var own = Kernel.Run(Kernel.Shell(session)).Output.Split();
        Assert.NotEqual(own[0], own[1]);
        var others = Kernel.Run(Kernel.Shell(session) with { Uid = Kernel.Nobody }).Output.Split();
        Assert.Equal(others[0], others[1]);
    }

    [Fact]
    public void Spawn_ManyTimes_ThreadsKeepTheirIdsSignalsAndUmask()
    {
        Kernel.NeedRoot();
        var before = OwnRows();
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(0, Kernel.Run(Kernel.Shell("exit 0") with { Uid = Kernel.Nobody, Umask = 0x1FF }).Status);
        }

        Assert.Equal(before, OwnRows());
        Assert.All(Kernel.UidsOfAllThreads(), uids => Assert.Equal("0 0 0 0", uids));
    }

    [Fact]
    public void Spawn_UnknownUid_IsRefusedInTheChild_DMN005() =>
        AssertFails(Kernel.Shell("") with { Uid = 54321 }, "couldn't setuid to 54321: Can't find uid 54321");

    [Fact]
    public void Spawn_SameUser_NeedsNoPrivilege_SPN032()
    {
        var (output, _, _) = Kernel.Run(Kernel.Shell("id -u") with { Uid = Privileges.Uid });
        Assert.Equal(Privileges.Uid.ToString(CultureInfo.InvariantCulture), output.Trim());
    }

    [Fact]
    public void Kill_NegativePid_ReachesTheGroupAndReapTellsTheSignal()
    {
        var started = Kernel.Host.Spawn(Kernel.Shell("echo up; sleep 100; true"));
        Kernel.Await(started.Stdout!, "up");
        Assert.Equal(0, Kernel.Host.Kill(-started.Pid, 9));
        Assert.Equal("", Kernel.ReadAll(started.Stdout!));
        started.Stdin!.Dispose();
        started.Stderr!.Dispose();
        Assert.Equal(128 + 9, Daemonizer.ExitStatusOf(started.Pid));
        Assert.Equal(Posix.ESRCH, Kernel.Host.Kill(started.Pid, 0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Kill_GroupOfAChildThatWasJustForked_EndsIt(bool otherUser)
    {
        if (otherUser)
        {
            Kernel.NeedRoot();
        }

        for (var i = 0; i < 200; i++)
        {
            var started = Kernel.Host.Spawn(Kernel.Shell("sleep 100") with { Uid = otherUser ? Kernel.Nobody : null });
            Assert.Equal(0, Kernel.Host.Kill(-started.Pid, 15));
            started.Stdin!.Dispose();
            started.Stdout!.Dispose();
            started.Stderr!.Dispose();
            Assert.Equal(128 + 15, Daemonizer.ExitStatusOf(started.Pid));
        }
    }

    [Fact]
    public void Pipe_ReaderGone_WriteAnswersBrokenPipe()
    {
        var started = Kernel.Host.Spawn(Kernel.Shell("exec 0<&-; echo closed; sleep 100"));
        Kernel.Await(started.Stdout!, "closed");
        Assert.Equal(-Posix.EPIPE, started.Stdin!.Write(Encoding.ASCII.GetBytes("x")));
        Kernel.Host.Kill(-started.Pid, 9);
        Daemonizer.ExitStatusOf(started.Pid);
        started.Stdin.Dispose();
        started.Stdout!.Dispose();
        started.Stderr!.Dispose();
        Assert.Equal(-Posix.EBADF, started.Stdin.Write("x"u8));
    }

    private static void SpawnWithOnlySpareDescriptors(int spare)
    {
        var held = new Stack<FileStream>();
        try
        {
            try
            {
                while (true)
                {
                    held.Push(File.OpenRead("/dev/null"));
                }
            }
            catch (IOException)
            {
                for (var i = 0; i < spare; i++)
                {
                    held.Pop().Dispose();
                }
            }

            var result = Kernel.Host.Spawn(new SpawnRequest
            {
                FileName = "/bin/true",
                Arguments = ["true"],
                Environment = new Dictionary<string, string>(),
            });
            Assert.Equal((SpawnStage.Pipes, Posix.EMFILE), (result.Stage, result.Errno));
        }
        finally
        {
            while (held.TryPop(out var file))
            {
                file.Dispose();
            }
        }
    }

    private static void AssertFails(SpawnRequest request, string reason)
    {
        var (output, errors, status) = Kernel.Run(request);
        Assert.Equal(("", $"supervisor: {reason}\nsupervisor: child process was not spawned\n", 127), (output, errors, status));
    }

    private static string OwnRows()
    {
        var status = File.ReadAllText("/proc/thread-self/status");
        return string.Join('\n', new[] { "Uid", "Gid", "Groups", "Umask", "SigBlk", "SigIgn", "SigCgt", "CapEff", "CapPrm" }.Select(row => Kernel.Line(status, row)));
    }

    private static ulong Mask(string status, string row) => Convert.ToUInt64(Kernel.Line(status, row), 16);

    [Fact]
    public void SupervisedProcesses_OfAServer_AreFoundByTheirVariables()
    {
        var url = "unix://" + Kernel.TemporaryDirectory() + "/s.sock";
        var request = Kernel.Shell("exec cat");
        var started = Kernel.Host.Spawn(request with
        {
            Environment = new Dictionary<string, string>(request.Environment)
            {
                ["SUPERVISOR_SERVER_URL"] = url,
                ["SUPERVISOR_GROUP_NAME"] = "g",
                ["SUPERVISOR_PROCESS_NAME"] = "p",
            },
        });
        // While the shell becomes cat, /proc has no environment of it.
        started.Stdin!.Write("cat\n"u8);
        Kernel.Await(started.Stdout!, "cat");
        Assert.Equal([new SupervisedProcesses.Found(started.Pid, "g", "p")], SupervisedProcesses.Of(url));
        Assert.Empty(SupervisedProcesses.Of(url + "x"));
        started.Stdin.Dispose();
        Assert.Equal(0, Daemonizer.ExitStatusOf(started.Pid));
        Assert.Empty(SupervisedProcesses.Of(url));
        Assert.Null(SupervisedProcesses.CommandOf(started.Pid));
    }
}
