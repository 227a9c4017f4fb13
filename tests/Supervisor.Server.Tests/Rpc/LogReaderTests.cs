using Supervisor.Rpc.Contract;
using Supervisor.Server.Rpc;
using Supervisor.Server.Tail;
using Supervisor.Testing.Engine;

namespace Supervisor.Server.Tests.Rpc;

public sealed class LogReaderTests : IDisposable
{
    private readonly LogReader _reader = new(new LogFiles(new FakeFiles(), TimeProvider.System));
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public LogReaderTests() => File.WriteAllText(_path, "out\n");

    public void Dispose() => File.Delete(_path);

    /// <summary>Upstream's arithmetic: the last bytes, not those behind the offset.</summary>
    [Theory]
    [InlineData(0, 2, "t\n", 4, true)]
    [InlineData(3, 5, "out\n", 4, false)]
    [InlineData(0, 0, "", 4, true)]
    [InlineData(4, 4, "", 4, false)]
    [InlineData(0, 4, "out\n", 4, false)]
    [InlineData(0, 1000, "out\n", 4, false)]
    public async Task Tail_OffsetAndLength_RPC064(long offset, long length, string data, long next, bool overflow) =>
        Assert.Equal(new TailChunk(data, next, overflow), await _reader.TailAsync(_path, offset, length));

    [Theory]
    [InlineData(0, 0, "out\n")]
    [InlineData(1, 2, "ut")]
    [InlineData(-2, 0, "t\n")]
    [InlineData(-200, 0, "out\n")]
    [InlineData(100, 0, "")]
    [InlineData(100, 5, "")]
    public async Task Read_OffsetAndLength_RPC060(long offset, long length, string data) => Assert.Equal(data, await _reader.ReadAsync(_path, offset, length));

    [Fact]
    public async Task Read_BigOnesAtTheSameTime_AreAllWhole()
    {
        var text = string.Concat(Enumerable.Range(0, 200_000).Select(i => i.ToString("d7", System.Globalization.CultureInfo.InvariantCulture)));
        await File.WriteAllTextAsync(_path, text, TestContext.Current.CancellationToken);
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => _reader.ReadAsync(_path, 0, 0)))), t => Assert.Equal(text, t));
    }

    [Theory]
    [InlineData(-2, 1)]
    [InlineData(0, -1)]
    public async Task Read_Nonsense_IsBadArguments_RPC060(long offset, long length) =>
        Assert.Equal((int)FaultCode.BadArguments, (await Assert.ThrowsAsync<RpcFaultException>(() => _reader.ReadAsync(_path, offset, length))).Code);

    [Fact]
    public async Task Read_CutCharacter_IsReplaced_QRK021()
    {
        await File.WriteAllTextAsync(_path, "ö", TestContext.Current.CancellationToken);
        Assert.Equal("\ufffd", await _reader.ReadAsync(_path, 1, 1));
    }

    [Theory]
    [InlineData("a", "a", "a")]
    [InlineData("g:p", "g", "p")]
    [InlineData("g:*", "g", null)]
    [InlineData("g:", "g", null)]
    [InlineData("g:p:q", "g", "p:q")]
    public void Namespec_Forms_RPC018(string text, string group, string? process) => Assert.Equal(new Namespec(group, process), Namespec.Parse(text));

    [Fact]
    public void Completions_OfOneRound_KeepTheirOrder_RPC049()
    {
        (int, TimeSpan, string)[] done =
        [
            (2, TimeSpan.FromMilliseconds(1), "c"), (0, TimeSpan.FromMilliseconds(9), "a"), (1, TimeSpan.FromMilliseconds(1000), "b"),
            (3, TimeSpan.FromMilliseconds(999.9), "d"),
        ];
        Assert.Equal(["a", "c", "b", "d"], CompletionOrder.Sort(done));
    }
}
