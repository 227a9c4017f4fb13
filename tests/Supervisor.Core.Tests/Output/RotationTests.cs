using System.Text;
using Supervisor.Core.Logging;
using Supervisor.Core.Output;
using Supervisor.Core.Ports;
using Supervisor.Testing.Engine;
using Supervisor.Testing.Files;

namespace Supervisor.Core.Tests.Output;

public class RotationTests
{
    private readonly MemoryFileSystem _files = new();
    private readonly List<string> _reports = [];

    private RotatingLogFile Open(long maxBytes, int backups) => new(_files, "/l", maxBytes, backups, _reports.Add);

    private static void Write(RotatingLogFile log, params string[] chunks)
    {
        foreach (var chunk in chunks)
        {
            log.Write(Encoding.ASCII.GetBytes(chunk));
        }
    }

    [Fact]
    public void Write_ReachingTheLimit_RotatesAfterwards_LOG020_LOG021()
    {
        Write(Open(5, 2), "aaa", "bbb", "cc", "ddd", "eeeee", "f");
        Assert.Equal("f", _files["/l"]);
        Assert.Equal("eeeee", _files["/l.1"]);
        Assert.Equal("ccddd", _files["/l.2"]);
        Assert.False(_files.Exists("/l.3"));
    }

    [Fact]
    public void Write_NoBackups_TruncatesInPlace_LOG022()
    {
        Write(Open(5, 0), "aaaaa", "b");
        Assert.Equal("b", _files["/l"]);
        Assert.False(_files.Exists("/l.1"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Write_NoLimit_NeverRotates_LOG023(long maxBytes)
    {
        Write(Open(maxBytes, 2), "aaaaa", "b");
        Assert.Equal("aaaaab", _files["/l"]);
    }

    [Fact]
    public void Write_NoSeekableTarget_NeverRotates_QRK028()
    {
        _files.NotSeekable = true;
        Write(Open(2, 2), "aaaaa", "b");
        Assert.Equal("aaaaab", _files["/l"]);
    }

    [Fact]
    public void Open_ExistingFile_IsContinuedAndRotatesByItsWholeSize()
    {
        _files["/l"] = "old";
        Write(Open(5, 1), "ab", "c");
        Assert.Equal("oldab", _files["/l.1"]);
        Assert.Equal("c", _files["/l"]);
    }

    [Fact]
    public void Write_FullDisk_TellsOnceAndResumes()
    {
        var log = Open(0, 0);
        _files.WriteErrno = Posix.ENOSPC;
        Write(log, "lost", "lost too");
        _files.WriteErrno = 0;
        Write(log, "back");
        Assert.Equal("back", _files["/l"]);
        Assert.Equal(2, _reports.Count);
        Assert.Contains("No space left on device", _reports[0], StringComparison.Ordinal);
        Assert.Contains("12 bytes were lost", _reports[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Write_FileSizeLimit_ReportsOnceAndResumes()
    {
        var log = Open(0, 0);
        _files.LargestFile = 5;
        Write(log, "1234567", "lost", "lost too");
        Assert.Equal("12345", _files["/l"]);
        Assert.Contains("File too large", Assert.Single(_reports), StringComparison.Ordinal);
        _files.LargestFile = int.MaxValue;
        Write(log, "back");
        Assert.Equal("12345back", _files["/l"]);
        Assert.Contains($"{"67lostlost too".Length} bytes were lost", _reports[1], StringComparison.Ordinal);
        Assert.Equal(2, _reports.Count);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    public void Write_ChunkPassesTheSizeToRotateAtAndTheLimit_RotatesAndLosesNothing(int backups)
    {
        _files.LargestFile = 5;
        Write(Open(3, backups), "1234567890ab");
        Assert.Equal("ab", _files["/l"]);
        Assert.Empty(_reports);
        if (backups > 0)
        {
            Assert.Equal(("67890", "12345"), (_files["/l.1"], _files["/l.2"]));
        }
    }

    [Fact]
    public void Write_NoRoomAtAll_DoesNotRotateForEver()
    {
        var log = Open(3, 2);
        _files.LargestFile = 0;
        Write(log, "lost");
        Assert.Equal(4, log.LostBytes);
    }

    /// <summary>Two programs share the log, or two daemons: the second one finds the name taken by the new file of the first.</summary>
    [Fact]
    public void Write_AnotherHasRotated_ContinuesInTheNewFile()
    {
        var (first, second) = (Open(5, 1), Open(5, 1));
        Write(first, "first");
        Assert.Equal("first", _files["/l.1"]);
        Write(second, "2");
        Assert.Equal(("first2", ""), (_files["/l.1"], _files["/l"]));
        Write(second, "3");
        Write(first, "4");
        Assert.Equal(("first2", "34"), (_files["/l.1"], _files["/l"]));
    }

    [Fact]
    public void Rotate_NoBackupsAndAnotherHasReplacedTheFile_LeavesTheirsAsItIs()
    {
        var log = Open(5, 0);
        Write(log, "aaa");
        _files.Rename("/l", "/moved");
        _files["/l"] = "theirs";
        Write(log, "bbb", "ccc");
        Assert.Equal(("aaabbb", ""), (_files["/moved"], _files["/l"]));
    }

    [Theory]
    [InlineData("rotate", true)]
    [InlineData("clear", true)]
    [InlineData("reopen", false)]
    public void NewFile_GetsTheRightsOfTheOldOne(string how, bool fresh)
    {
        var log = new RotatingLogFile(_files, "/l", 5, 1, _reports.Add, isPrivate: true);
        Assert.Equal(new LogOpening(Private: true), _files.LastOpening);
        Action act = how switch
        {
            "rotate" => () => Write(log, "aaaaa"),
            "clear" => log.Clear,
            _ => log.Reopen,
        };
        act();
        Assert.Equal(new LogOpening(Private: true, fresh, new FileRights(0x1A0, 7, 8)), _files.LastOpening);
    }

    [Fact]
    public void Reopen_MovedFile_GoesToANewOne_LOG026()
    {
        var log = Open(0, 0);
        Write(log, "before");
        _files.Rename("/l", "/moved");
        Write(log, "+");
        log.Reopen();
        Write(log, "after");
        Assert.Equal("before+", _files["/moved"]);
        Assert.Equal("after", _files["/l"]);
    }

    [Fact]
    public void Clear_RegularFile_IsANewFileBackupsStay_LOG061()
    {
        var log = Open(3, 2);
        Write(log, "aaa", "b");
        log.Clear();
        Assert.Equal("", _files["/l"]);
        Assert.Equal("aaa", _files["/l.1"]);
    }

    [Theory]
    [InlineData("\u001b[31mred\u001b[0m plain", "red plain")]
    [InlineData("\u001b[5Ghello", "ello")]
    [InlineData("none", "none")]
    [InlineData("cut \u001b[3", "cut ")]
    public void StripAnsi_Chunk_WithUpstreamsGaps_LOG040(string chunk, string left)
    {
        var target = new byte[100];
        var length = AnsiEscapes.Strip(Encoding.ASCII.GetBytes(chunk), target);
        Assert.Equal(left, Encoding.ASCII.GetString(target, 0, length));
    }

    [Theory]
    [InlineData("cat-stdout---supervisor-abcdefgh.log", true)]
    [InlineData("cat-stdout---supervisor-abcdefgh.log.1", true)]
    [InlineData("cat-stdout---other-abcdefgh.log", false)]
    [InlineData("---supervisor-abcdefgh.log", false)]
    [InlineData("cat---supervisor-.log", false)]
    [InlineData("unrelated.log", false)]
    public void AutoLog_Name_IsRecognised_DMN016(string name, bool isOne) => Assert.Equal(isOne, AutoLogFiles.IsAutoLog(name, "supervisor"));

    [Fact]
    public void Capture_TokensCutAnywhere_AreFound_LOG051()
    {
        const string stream = "before<!--XSUPERVISOR:BEGIN-->inside<!--XSUPERVISOR:END-->after";
        for (var size = 1; size <= stream.Length; size++)
        {
            var scanner = new CaptureScanner();
            var (plain, captured) = (new StringBuilder(), new StringBuilder());
            foreach (var chunk in stream.Chunk(size))
            {
                scanner.Add(Encoding.ASCII.GetBytes(chunk));
                var capturing = scanner.Capturing;
                while (scanner.TryNext(out var piece, out _))
                {
                    (capturing ? captured : plain).Append(Encoding.ASCII.GetString(piece));
                    capturing = scanner.Capturing;
                }
            }

            plain.Append(Encoding.ASCII.GetString(scanner.TakeRest()));
            Assert.Equal(("beforeafter", "inside"), (plain.ToString(), captured.ToString()));
        }
    }

    [Fact]
    public void CaptureBuffer_Overflow_DropsAsMuchAsArrives_LOG054()
    {
        var buffer = new CaptureBuffer(5);
        buffer.Append("abcd"u8);
        buffer.Append("ef"u8);
        Assert.Equal("cdef", Encoding.ASCII.GetString(buffer.Content));
        buffer.Append("0123456789"u8);
        Assert.Equal("0123456789", Encoding.ASCII.GetString(buffer.Content));
    }
}
