using System.Text;
using CsCheck;
using Supervisor.Core.Ports;
using Supervisor.Unix.Tests.Support;

namespace Supervisor.Unix.Tests.Files;

public sealed class FileTests
{
    private readonly PosixFileSystem _files = new();
    private readonly string _directory = Kernel.TemporaryDirectory();

    [Fact]
    public void OpenAppend_Existing_ContinuesAtItsEnd_LOG006()
    {
        var path = Path.Combine(_directory, "log");
        File.WriteAllText(path, "old");
        using var log = _files.OpenAppend(path);
        Assert.True(log.CanSeek);
        log.Write("new"u8);
        Assert.Equal(6, log.Position);
        Assert.Equal("oldnew", File.ReadAllText(path));
    }

    [Fact]
    public void OpenAppend_DeviceStream_IsAnOrdinaryPath_LOG010()
    {
        var (output, _, _) = Kernel.Run(Kernel.Shell("true"));
        Assert.Equal("", output);
        using var pair = new PipePair(daemonReads: true);
        using var reader = pair.TakeDaemonEnd();
        using var log = _files.OpenAppend($"/dev/fd/{pair.ChildEnd}");
        Assert.False(log.CanSeek);
        log.Write("line\n"u8);
        var buffer = new byte[10];
        Assert.Equal(5, reader.Read(buffer));
    }

    [Fact]
    public void Unlink_BigFile_GoesAtOnceAndItsContentSoon()
    {
        var path = Path.Combine(_directory, "big");
        File.WriteAllBytes(path, new byte[5 << 20]);
        using var content = File.OpenRead(path);
        _files.Unlink(path);
        Assert.False(_files.Exists(path));
        Assert.Equal(5 << 20, content.Length);
        Assert.True(SpinWait.SpinUntil(() => Kernel.Descriptors().Count(d => d.StartsWith(path, StringComparison.Ordinal)) == 1, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void Unlink_LinkToABigFile_TakesTheLink()
    {
        var path = Path.Combine(_directory, "big");
        File.WriteAllBytes(path, new byte[5 << 20]);
        File.CreateSymbolicLink(path + ".link", path);
        _files.Unlink(path + ".link");
        Assert.Equal(5 << 20, new FileInfo(path).Length);
    }

    /// <summary>Two writers and one that truncates: append mode is what keeps them apart, so nothing may turn it off.</summary>
    [Fact]
    public void Write_AnotherAppendsAndTruncates_OverwritesNothing_LOG006()
    {
        var path = Path.Combine(_directory, "log");
        using var log = _files.OpenAppend(path);
        log.Write("mine,"u8);
        File.AppendAllText(path, "theirs,");
        log.Write("mine again,"u8);
        Assert.Equal("mine,theirs,mine again,", File.ReadAllText(path));
        File.WriteAllText(path, "");
        log.Write("after"u8);
        Assert.Equal("after", File.ReadAllText(path));
        Assert.Equal(5, log.Position);
        log.Truncate();
        log.Write("end"u8);
        Assert.Equal("end", File.ReadAllText(path));
        Assert.NotEqual(0, Interop.Libc.fcntl(log.Descriptor, Interop.Libc.F_GETFL, 0) & Interop.Libc.O_APPEND);
    }

    [Fact]
    public void IsAt_FileMovedOrReplaced_IsNotWhatThePathNames()
    {
        var path = Path.Combine(_directory, "log");
        using var log = _files.OpenAppend(path);
        File.CreateSymbolicLink(path + ".link", path);
        Assert.True(log.IsAt(path) && log.IsAt(path + ".link"));
        File.Move(path, path + ".1");
        Assert.False(log.IsAt(path));
        File.WriteAllText(path, "");
        Assert.False(log.IsAt(path));
        Assert.True(log.IsAt(path + ".1"));
    }

    [Fact]
    public void OpenAppend_PipeNobodyReads_IsRefusedAtOnce()
    {
        var path = Path.Combine(_directory, "fifo");
        Assert.Equal("", Kernel.Run(Kernel.Shell($"mkfifo {path}")).Output);
        Assert.True(_files.Stat(path)!.Value.IsPipe);
        Assert.Equal(Posix.ENXIO, Assert.Throws<PosixException>(() => _files.OpenAppend(path)).Errno);
    }

    [Fact]
    public void Write_FullPipe_TakesWhatItCanAndDoesNotWait()
    {
        using var pair = new PipePair(daemonReads: true);
        using var reader = pair.TakeDaemonEnd();
        using var log = _files.OpenAppend($"/dev/fd/{pair.ChildEnd}");
        var taken = log.Write(new byte[1_000_000]);
        Assert.InRange(taken, 1, 999_999);
        Assert.Equal(0, log.Write(new byte[10]));
        Assert.True(reader.Read(new byte[100_000]) > 0);
        Assert.Equal(10, log.Write(new byte[10]));
    }

    [Fact]
    public void PatientStream_PipeNobodyReads_DropsAndComesBack()
    {
        using var pair = new PipePair(daemonReads: true);
        using var reader = pair.TakeDaemonEnd();
        var stream = new TimedStream(pair.ChildEnd);
        Assert.True(stream.Write("line\n"u8));
        Assert.False(stream.Write(new byte[1_000_000]));
        Assert.False(stream.Write("dropped\n"u8));
        while (reader.Read(new byte[100_000]) > 0)
        {
        }

        Assert.True(stream.Write("back\n"u8));
        var buffer = new byte[100];
        Assert.Equal("back\n", Encoding.ASCII.GetString(buffer, 0, reader.Read(buffer)));
    }

    [Theory]
    [InlineData("/etc", Posix.EISDIR)]
    [InlineData("/nonexistent/log", Posix.ENOENT)]
    public void OpenAppend_Refused_TellsTheNumber_SPN021(string path, int errno) =>
        Assert.Equal(errno, Assert.Throws<PosixException>(() => _files.OpenAppend(path)).Errno);

    [Fact]
    public void CreateUnique_Twice_TwoPrivateFiles_LOG002()
    {
        var first = _files.CreateUnique(_directory, "cat-stdout---supervisor-", ".log");
        var second = _files.CreateUnique(_directory, "cat-stdout---supervisor-", ".log");
        Assert.NotEqual(first, second);
        Assert.Matches("/cat-stdout---supervisor-[a-z0-9_]{8}\\.log$", first);
        Assert.Equal(new FileStatus(false, true, 0x180, 0), _files.Stat(first)!.Value with { Inode = 0, ModifiedSeconds = 0 });
        Assert.Equal(2, _files.List(_directory).Count);
        _files.Unlink(first);
        Assert.Null(_files.Stat(first));
        Assert.Equal(Posix.ENOENT, Assert.Throws<PosixException>(() => _files.Unlink(first)).Errno);
    }

    [Fact]
    public void ConfigHost_Machine_IsSeenAsItIs()
    {
        var host = new UnixConfigHost(new UserDatabase());
        Assert.Equal(new UserEntry("root", 0, 0, "/root"), host.FindUser("root"));
        Assert.Equal("root", host.FindUser(0)?.Name);
        Assert.Null(host.FindUser("no such user"));
        Assert.Equal(0, host.FindGroup("root"));
        Assert.True(host.GroupExists(0));
        Assert.False(host.GroupExists(54321));
        Assert.Equal(File.ReadAllText("/proc/sys/kernel/hostname").Trim(), host.HostName);
        Assert.Equal(Directory.GetCurrentDirectory(), host.WorkingDirectory);
        Assert.Null(host.ReadFile("/nonexistent"));
        Assert.Equal(File.ReadAllBytes("/etc/passwd"), host.ReadFile("/etc/passwd"));
        Assert.Equal(Environment.GetEnvironmentVariable("PATH"), host.Environment["PATH"]);
    }

    [Fact]
    public void OsText_AnyBytes_SurviveTheRoundTrip() =>
        Check.Sample(Gen.Byte[1, 255].Array, bytes =>
            OsText.Encode(OsText.Decode(bytes)).AsSpan(0, bytes.Length).SequenceEqual(bytes));

    [Fact]
    public void OsText_GoodUtf8_IsThatText() => Assert.Equal("grüße 🙂", OsText.Decode(Encoding.UTF8.GetBytes("grüße 🙂")));
}
