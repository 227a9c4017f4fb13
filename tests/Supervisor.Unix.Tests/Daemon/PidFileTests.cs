using System.Net.Sockets;
using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;
using Supervisor.Unix.Tests.Support;

namespace Supervisor.Unix.Tests.Daemon;

public sealed class PidFileTests
{
    private readonly string _directory = Kernel.TemporaryDirectory();

    private string Pid => Path.Combine(_directory, "pid");

    private string Victim
    {
        get
        {
            var path = Path.Combine(_directory, "victim");
            File.WriteAllText(path, "precious");
            return path;
        }
    }

    [Fact]
    public void Write_OldFile_IsOverwrittenAndRemoveIsQuiet_DMN027()
    {
        File.WriteAllText(Pid, "something much longer");
        var inode = new PosixFileSystem().Stat(Pid)!.Value.Inode;
        var written = PidFile.Write(Pid, 42);
        Assert.Equal("42\n", File.ReadAllText(Pid));
        Assert.Equal(inode, new PosixFileSystem().Stat(Pid)!.Value.Inode);
        written.Remove();
        written.Remove();
        Assert.False(File.Exists(Pid));
        Assert.Equal(Posix.ENOENT, Assert.Throws<PosixException>(() => PidFile.Write("/nonexistent/pid", 1)).Errno);
    }

    [Fact]
    public void Write_LinkInOwnDirectory_IsFollowed()
    {
        File.SetUnixFileMode(_directory, (UnixFileMode)0x1ED); // 0755
        File.CreateSymbolicLink(Pid, Victim);
        PidFile.Write(Pid, 42);
        Assert.Equal("42\n", File.ReadAllText(Path.Combine(_directory, "victim")));
    }

    [Theory]
    [InlineData("symbolic link")]
    [InlineData("hard link")]
    [InlineData("fifo")]
    [InlineData("socket")]
    [InlineData("dangling link")]
    public void Write_PlantedWhereAllMayWrite_IsReplaced(string what)
    {
        Shared();
        Plant(what, Pid);
        var written = PidFile.Write(Pid, 42);
        Assert.Equal("42\n", File.ReadAllText(Pid));
        Assert.Null(new FileInfo(Pid).LinkTarget);
        if (File.Exists(Path.Combine(_directory, "victim")))
        {
            Assert.Equal("precious", File.ReadAllText(Path.Combine(_directory, "victim")));
        }

        written.Remove();
        Assert.False(File.Exists(Pid));
    }

    [Fact]
    public void Write_OwnFileWhereAllMayWrite_IsOverwritten()
    {
        Shared();
        File.WriteAllText(Pid, "4711\n");
        var inode = new PosixFileSystem().Stat(Pid)!.Value.Inode;
        PidFile.Write(Pid, 42);
        Assert.Equal(("42\n", inode), (File.ReadAllText(Pid), new PosixFileSystem().Stat(Pid)!.Value.Inode));
    }

    [Fact]
    public void Write_DirectoryOfThatName_IsAnErrorAndStays()
    {
        Directory.CreateDirectory(Pid);
        Assert.Throws<PosixException>(() => PidFile.Write(Pid, 42));
        Shared();
        Assert.Throws<PosixException>(() => PidFile.Write(Pid, 42));
        Assert.True(Directory.Exists(Pid));
    }

    [Fact]
    public void Write_Device_TakesTheNumberAndIsNeverRemoved()
    {
        PidFile.Write("/dev/null", 42).Remove();
        Assert.True(File.Exists("/dev/null"));
    }

    [Fact]
    public void Remove_FileOfAnother_Stays()
    {
        var written = PidFile.Write(Pid, 42);
        File.Move(Pid, Pid + ".old");
        File.WriteAllText(Pid, "42\n");
        written.Remove();
        Assert.True(File.Exists(Pid));
        File.Move(Pid + ".old", Pid, overwrite: true);
        File.WriteAllText(Pid, "43\n");
        written.Remove();
        Assert.True(File.Exists(Pid));
    }

    [Fact]
    public void IsMissing_FileRemoved_IsTrue()
    {
        var written = PidFile.Write(Pid, 42);
        Assert.False(written.IsMissing);
        File.Delete(Pid);
        Assert.True(written.IsMissing);
    }

    [Theory]
    [InlineData("fifo")]
    [InlineData("socket")]
    [InlineData("symbolic link")]
    [InlineData("dangling link")]
    public void Read_NoRegularFile_IsNullAtOnce(string what)
    {
        Plant(what, Pid);
        Kernel.AssertLeaksNoDescriptor(() => Assert.Null(PidFile.Read(Pid)));
    }

    [Theory]
    [InlineData("42\n", 42)]
    [InlineData("  42  ", 42)]
    [InlineData("-42", -42)]
    [InlineData("", null)]
    [InlineData("42 43", null)]
    [InlineData("99999999999", null)]
    [InlineData("42                                                       ", null)]
    public void Read_Content_IsOneNumber(string content, int? expected)
    {
        File.WriteAllText(Pid, content);
        Assert.Equal(expected, PidFile.Read(Pid));
    }

    [Fact]
    public void Read_Link_IsFollowedWhenAsked()
    {
        File.WriteAllText(Path.Combine(_directory, "real"), "42\n");
        File.CreateSymbolicLink(Pid, Path.Combine(_directory, "real"));
        Assert.Equal((null, 42), (PidFile.Read(Pid), PidFile.Read(Pid, followLink: true)));
        Assert.Null(PidFile.Read("/dev/zero", followLink: true));
    }

    private void Shared() => File.SetUnixFileMode(_directory, (UnixFileMode)0x1FF); // 0777

    private void Plant(string what, string path)
    {
        switch (what)
        {
            case "symbolic link":
                File.CreateSymbolicLink(path, Victim);
                break;
            case "dangling link":
                File.CreateSymbolicLink(path, "/nonexistent/at/all");
                break;
            case "hard link":
                Assert.Equal(0, Libc.linkat(Libc.AT_FDCWD, OsText.Encode(Victim), Libc.AT_FDCWD, OsText.Encode(path), 0));
                break;
            case "socket":
                new Socket(AddressFamily.Unix, SocketType.Stream, 0).Bind(new UnixDomainSocketEndPoint(path));
                break;
            default:
                Assert.Equal(0, Kernel.Run(Kernel.Shell("mkfifo " + path)).Status);
                break;
        }
    }
}
