using System.Text;
using Supervisor.Core.Logging;
using Supervisor.Core.Ports;
using Supervisor.Testing.Files;

namespace Supervisor.Core.Tests.Reliability;

/// <summary>Files that cannot be written, opened or renamed, and pipes that are full.</summary>
public class LogFileFaultTests
{
    private readonly MemoryFileSystem _files = new();
    private readonly List<string> _reports = [];

    private RotatingLogFile Open(long maxBytes = 0, int backups = 0) => new(_files, "/l", maxBytes, backups, _reports.Add);

    private static void Write(RotatingLogFile log, params string[] chunks)
    {
        foreach (var chunk in chunks)
        {
            log.Write(Encoding.ASCII.GetBytes(chunk));
        }
    }

    [Theory]
    [InlineData(Posix.ENOSPC)]
    [InlineData(Posix.EIO)]
    [InlineData(Posix.EROFS)]
    [InlineData(Posix.EFBIG)]
    [InlineData(Posix.EPIPE)]
    public void Write_Fails_LosesThatAloneAndTellsOnce(int errno)
    {
        var log = Open();
        Write(log, "before ");
        _files.WriteErrno = errno;
        Write(log, "lost", "lost", "lost");
        _files.WriteErrno = 0;
        Write(log, "after");
        Assert.Equal("before after", _files["/l"]);
        Assert.Equal(2, _reports.Count);
    }

    [Theory]
    [InlineData(Posix.EMFILE)]
    [InlineData(Posix.ENFILE)]
    [InlineData(Posix.ENOENT)]
    [InlineData(Posix.EROFS)]
    [InlineData(Posix.ENOSPC)]
    public void Reopen_Fails_IsTriedWithEveryChunk(int errno)
    {
        var log = Open();
        _files.OpenErrno = errno;
        log.Reopen();
        Write(log, "lost");
        _files.OpenErrno = 0;
        Write(log, "back");
        Assert.Equal("back", _files["/l"]);
        Assert.Equal(2, _reports.Count);
    }

    [Theory]
    [InlineData(Posix.EACCES)]
    [InlineData(Posix.EROFS)]
    [InlineData(Posix.EIO)]
    public void Rotate_Fails_LosesNothingAndTellsOnce(int errno)
    {
        var log = Open(3, 2);
        _files.RenameErrno = errno;
        Write(log, "aaa", "bbb", "ccc");
        Assert.Equal("aaabbbccc", _files["/l"]);
        Assert.Single(_reports);
        _files.RenameErrno = 0;
        Write(log, "ddd", "e");
        Assert.Equal("aaabbbcccddd", _files["/l.1"]);
        Assert.Equal("e", _files["/l"]);
    }

    [Fact]
    public void Open_PipeNobodyReads_IsALossAndNoRefusal()
    {
        _files["/l"] = "";
        _files.Pipes = true;
        _files.OpenErrno = Posix.ENXIO;
        var log = Open();
        Write(log, "lost");
        Assert.Single(_reports);
        _files.OpenErrno = 0;
        Write(log, "read");
        Assert.Equal("read", _files["/l"]);
    }

    [Fact]
    public void Open_OtherThanAPipeWithoutDevice_IsRefused()
    {
        _files["/l"] = "";
        _files.OpenErrno = Posix.ENXIO;
        Assert.Equal(Posix.ENXIO, Assert.Throws<PosixException>(() => Open()).Errno);
    }

    [Fact]
    public void Write_FullPipe_WaitsInOrderAndLosesNothing()
    {
        _files.NotSeekable = true;
        var log = Open();
        _files.Room = 3;
        Write(log, "abcde", "fgh");
        Assert.Equal("abc", _files["/l"]);
        Assert.NotNull(log.BlockedOn);
        _files.Room = 4;
        log.Flush();
        Assert.NotNull(log.BlockedOn);
        _files.Room = int.MaxValue;
        log.Flush();
        Write(log, "i");
        Assert.Null(log.BlockedOn);
        Assert.Equal("abcdefghi", _files["/l"]);
        Assert.Empty(_reports);
    }

    [Fact]
    public void Write_PipeFullForEver_KeepsNoMoreThanItsLimit()
    {
        _files.NotSeekable = true;
        var log = Open();
        _files.Room = 0;
        var chunk = new byte[1024 * 1024];
        for (var i = 0; i < 10; i++)
        {
            log.Write(chunk);
        }

        Assert.Equal(6 * chunk.Length, log.LostBytes);
        Assert.Single(_reports);
    }

    [Fact]
    public void Flush_ReaderGone_GivesUpAndTells()
    {
        _files.NotSeekable = true;
        var log = Open();
        _files.Room = 0;
        Write(log, "abc");
        _files.WriteErrno = Posix.EPIPE;
        log.Flush();
        Assert.Null(log.BlockedOn);
        Assert.Contains("Broken pipe", Assert.Single(_reports), StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_Blocked_TellsTheLoss()
    {
        _files.NotSeekable = true;
        var log = Open();
        _files.Room = 0;
        Write(log, "abc");
        log.Dispose();
        Assert.Single(_reports);
    }
}
