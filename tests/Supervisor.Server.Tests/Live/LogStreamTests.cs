using System.Text;
using Supervisor.Core.Ports;
using Supervisor.Server.Live;
using Supervisor.Server.Tail;
using Supervisor.Server.Tests.Support;
using Supervisor.Testing.Engine;

namespace Supervisor.Server.Tests.Live;

public sealed class LogStreamTests : IDisposable
{
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("log-stream").FullName, "x.log");
    private readonly FakeFiles _files = new();
    private readonly FakeClient _client = new();
    private readonly CancellationTokenSource _ended = new();

    public LogStreamTests()
    {
        File.WriteAllText(_path, "");
        Inode = 1;
    }

    private ulong Inode
    {
        set => _files.Known[_path] = new FileStatus(false, true, 0x1A4, 0, value);
    }

    public void Dispose()
    {
        _ended.Dispose();
        Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);
    }

    [Fact]
    public async Task Stream_SendsTheEnd_ThenWhatIsAdded()
    {
        File.WriteAllText(_path, "0123456789");
        var running = RunAsync(tail: 4);
        await _client.UntilAsync("event: log\nid: 1-10\ndata: \"6789\"\n\n");
        File.AppendAllText(_path, "more \"\u4e16\"\n");
        await _client.UntilAsync("event: log\nid: 1-21\ndata: \"more \\\"\u4e16\\\"\\n\"\n\n");
        await EndAsync(running);
    }

    [Fact]
    public async Task Characters_InTwoPieces_ArriveWhole()
    {
        var running = RunAsync();
        var bytes = Encoding.UTF8.GetBytes("\u4e16");
        Append(bytes.AsSpan(0, 2));
        await _client.UntilAsync("id: 1-0\ndata: \"\"\n");
        Append(bytes.AsSpan(2));
        await _client.UntilAsync("id: 1-3\ndata: \"\u4e16\"\n");
        await EndAsync(running);
    }

    [Fact]
    public async Task ComingBack_GoesOnWhereItWas_InTheSameFileOnly()
    {
        File.WriteAllText(_path, "0123456789");
        var running = RunAsync(tail: 2, from: new LogPosition(1, 5));
        await _client.UntilAsync("data: \"56789\"\n");
        await EndAsync(running);

        Inode = 2;
        var other = new FakeClient();
        using var ended = new CancellationTokenSource();
        var again = Task.Run(() => new LogStream(new LogFiles(_files, TimeProvider.System), _path, 2, new LogPosition(1, 5)).RunAsync(other.WriteAsync, ended.Token));
        await other.UntilAsync("data: \"89\"\n");
        await ended.CancelAsync();
        await again;
    }

    [Fact]
    public async Task RotationAndTruncation_AreFollowed()
    {
        File.WriteAllText(_path, "old\n");
        var running = RunAsync();
        await _client.UntilAsync("old");
        File.Move(_path, _path + ".1");
        File.WriteAllText(_path, "new\n");
        Inode = 2;
        await _client.UntilAsync("id: 2-4\ndata: \"new\\n\"\n");
        File.WriteAllText(_path, "");
        await _client.UntilAsync("==> File truncated <==");
        File.AppendAllText(_path, "again\n");
        await _client.UntilAsync("again");
        await EndAsync(running);
    }

    [Fact]
    public async Task FarBehind_SkipsToTheEnd()
    {
        File.WriteAllText(_path, "begin\n");
        var running = RunAsync();
        await _client.UntilAsync("begin");
        using (var file = new FileStream(_path, FileMode.Append))
        {
            file.SetLength(6 + 5 * 1024 * 1024);
        }

        await _client.UntilAsync(" bytes skipped <==");
        await EndAsync(running);
    }

    [Theory]
    [InlineData("12-34", 12, 34)]
    [InlineData("", -1, 0)]
    [InlineData(null, -1, 0)]
    [InlineData("12", -1, 0)]
    [InlineData("12--3", -1, 0)]
    [InlineData("x-3", -1, 0)]
    public void Positions_AreReadOrNothing(string? text, long inode, long offset) =>
        Assert.Equal(inode < 0 ? null : new LogPosition((ulong)inode, offset), LogPosition.Parse(text));

    [Fact]
    public void Text_InAnyPieces_IsTheSame()
    {
        var text = "a\u00e9\u4e16\ud83d\ude00 end";
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            for (var second = cut; second <= bytes.Length; second++)
            {
                var pieces = new Utf8Pieces();
                var all = pieces.Take(bytes.AsSpan(0, cut)) + pieces.Take(bytes.AsSpan(cut, second - cut)) + pieces.Take(bytes.AsSpan(second));
                Assert.Equal(text, all);
                Assert.Equal(0, pieces.Waiting);
            }
        }
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0x41 }, "\ufffdA", 0)]
    [InlineData(new byte[] { 0x41, 0x80 }, "A\ufffd", 0)]
    [InlineData(new byte[] { 0x41, 0xE4, 0xB8 }, "A", 2)]
    [InlineData(new byte[] { 0xF0, 0x9F, 0x98 }, "", 3)]
    public void Bytes_ThatAreNoText_AreReplaced_OrWait(byte[] bytes, string text, int waiting)
    {
        var pieces = new Utf8Pieces();
        Assert.Equal(text, pieces.Take(bytes));
        Assert.Equal(waiting, pieces.Waiting);
    }

    private Task RunAsync(long tail = 1024, LogPosition? from = null) =>
        Task.Run(() => new LogStream(new LogFiles(_files, TimeProvider.System), _path, tail, from).RunAsync(_client.WriteAsync, _ended.Token));

    private void Append(ReadOnlySpan<byte> bytes)
    {
        using var file = new FileStream(_path, FileMode.Append);
        file.Write(bytes);
    }

    private async Task EndAsync(Task running)
    {
        await _ended.CancelAsync();
        await running;
    }
}
