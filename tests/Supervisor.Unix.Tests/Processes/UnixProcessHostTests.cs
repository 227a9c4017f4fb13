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
    [InlineData("/nonexistent/program", null, SpawnStage.Exec, Posix.ENOENT)]
    [InlineData("/etc/passwd", null, SpawnStage.Exec, Posix.EACCES)]
    [InlineData("/bin/true", "/nonexistent", SpawnStage.Directory, Posix.ENOENT)]
    [InlineData("/bin/true", "/etc/passwd", SpawnStage.Directory, Posix.ENOTDIR)]
    [InlineData("/bin/true", "", SpawnStage.Directory, Posix.ENOENT)]
    [InlineData("/bin/tr\0ue", null, SpawnStage.Exec, Posix.EINVAL)]
    public void Spawn_Refused_NamesTheStepAndLeavesNothing_TRAP28(string file, string? directory, SpawnStage stage, int errno)
    {
        Kernel.AssertLeaksNoDescriptor(() =>
        {
            var result = Kernel.Host.Spawn(Kernel.Shell("") with { FileName = file, Directory = directory });
            Assert.Equal((stage, errno), (result.Stage, result.Errno));
            Assert.Null(result.Stdout);
        });
        Assert.False(Kernel.Host.TryReap(out _));
    }

    [Fact]
    public void Spawn_ScriptWithoutInterpreterLine_IsAnExecFormatError()
    {
        var script = Path.Combine(Kernel.TemporaryDirectory(), "script");
        File.WriteAllText(script, "echo hello\n");
        File.SetUnixFileMode(script, (UnixFileMode)0x1ED);
        var result = Kernel.Host.Spawn(Kernel.Shell("") with { FileName = script });
        Assert.Equal((SpawnStage.Exec, Posix.ENOEXEC), (result.Stage, result.Errno));
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
    public void Spawn_OtherUserWithoutRightToDirectory_FailsThereAndDaemonKeepsItself_SPN034()
    {
        Kernel.NeedRoot();
        var directory = Kernel.TemporaryDirectory();
        File.SetUnixFileMode(directory, (UnixFileMode)0x1C0);
        var result = Kernel.Host.Spawn(Kernel.Shell("") with { Uid = Kernel.Nobody, Directory = directory });
        Assert.Equal((SpawnStage.Directory, Posix.EACCES), (result.Stage, result.Errno));
        Assert.All(Kernel.UidsOfAllThreads(), uids => Assert.Equal("0 0 0 0", uids));
    }

    [Fact]
    public void Spawn_UnknownUid_IsRefusedWithText_DMN005()
    {
        var result = Kernel.Host.Spawn(Kernel.Shell("") with { Uid = 54321 });
        Assert.Equal((SpawnStage.User, "Can't find uid 54321"), (result.Stage, result.Reason));
    }

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
