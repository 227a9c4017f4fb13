using System.IO.Pipelines;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Supervisor.Core.Configuration.Model;
using Supervisor.Server.Http;
using Supervisor.Server.Tests.Support;

namespace Supervisor.Server.Tests.Http;

public class HeadReaderTests
{
    private readonly RequestHeadCache _known = new();
    private readonly FakeMemory _memory = new();
    private readonly MemoryBudget _budget = new(100_000);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private HeadReader Reader(string sent, HttpLimits? limits = null) => Reader(new MemoryStream(Encoding.Latin1.GetBytes(sent)), limits);

    private HeadReader Reader(Stream sent, HttpLimits? limits = null) =>
        new(new ClientReader(sent, _memory), limits ?? new HttpLimits(), _known, new RequestMemory(_memory, _budget, new GcTrimmer(() => { }, () => { })), new ClientTimeout(new FakeTimeProvider()));

    private static async Task<string> NextAsync(HeadReader reader)
    {
        var (head, verdict) = await reader.ReadAsync(Token);
        return verdict == HeadVerdict.Request ? $"{head!.Line} [{string.Join("|", head.Headers)}]" : verdict.ToString();
    }

    [Fact]
    public async Task SameHead_FromWhomever_IsReadOnce()
    {
        var reader = Reader("GET / HTTP/1.1\r\nA: b\r\n\r\nGET / HTTP/1.1\r\nA: b\r\n\r\n");
        var (first, _) = await reader.ReadAsync(Token);
        var (second, _) = await reader.ReadAsync(Token);
        var (third, _) = await Reader("GET / HTTP/1.1\r\nA: b\r\n\r\n").ReadAsync(Token);
        Assert.Same(first, second);
        Assert.Same(first, third);
        Assert.Equal("End", await NextAsync(reader));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nA: b\r\nC: d", "GET / HTTP/1.1 [A: b|C: d]")]
    [InlineData("GET / HTTP/1.1\r\nA: bc", "GET / HTTP/1.1 [A: bc]")]
    [InlineData("GET / HTTP/1.1", "GET / HTTP/1.1 []")]
    [InlineData("GET / HTTP/1.1\r\nA: c", "GET / HTTP/1.1 [A: c]")]
    [InlineData("nonsense", "Bad")]
    [InlineData("\r\n\r\nGET / HTTP/1.1\r\nA: b", "GET / HTTP/1.1 [A: b]")]
    public async Task AnotherHead_AfterALikeOne_IsReadAnew(string other, string read)
    {
        var reader = Reader($"GET / HTTP/1.1\r\nA: b\r\n\r\n{other}\r\n\r\nGET / HTTP/1.1\r\nA: b\r\n\r\n");
        Assert.Equal("GET / HTTP/1.1 [A: b]", await NextAsync(reader));
        Assert.Equal(read, await NextAsync(reader));
        Assert.Equal("GET / HTTP/1.1 [A: b]", await NextAsync(reader));
    }

    [Fact]
    public async Task LongHead_IsNotKept()
    {
        var head = $"GET / HTTP/1.1\r\nA: {new string('x', 5000)}\r\n\r\n";
        var reader = Reader(head + head);
        var (first, _) = await reader.ReadAsync(Token);
        var (second, _) = await reader.ReadAsync(Token);
        Assert.NotSame(first, second);
        Assert.Equal(first!.Headers, second!.Headers);
    }

    /// <summary>Whatever the pieces it comes in, the end is found, empty lines before it or not.</summary>
    [Fact]
    public async Task Head_ByteByByte_IsFound()
    {
        var pipe = new Pipe();
        var reading = NextAsync(Reader(pipe.Reader.AsStream()));
        foreach (var b in "\r\n\r\nGET / HTTP/1.1\r\nA: b\r\n\r\n"u8.ToArray())
        {
            Assert.False(reading.IsCompleted);
            await pipe.Writer.WriteAsync(new[] { b }, Token);
        }

        Assert.Equal("GET / HTTP/1.1 [A: b]", await reading);
    }

    [Fact]
    public async Task LongHeads_OfAll_HaveABudget()
    {
        var half = $"GET / HTTP/1.1\r\nA: {new string('x', 40_000)}";
        using var waits = new Pipe().Reader.AsStream();
        var first = Reader(new Joined(half, waits));
        var reading = first.ReadAsync(Token).AsTask();
        Assert.False(reading.IsCompleted);
        Assert.Equal("Busy", await NextAsync(Reader(new Joined(half, waits))));
        Assert.Equal("GET / HTTP/1.1 []", await NextAsync(Reader("GET / HTTP/1.1\r\n\r\n")));
        first.Dispose();
        Assert.True(_budget.TryTake(99_000));
    }

    [Fact]
    public async Task Limits_Hold_ForWhatIsUnfinishedToo()
    {
        var limits = new HttpLimits { Head = 100, Headers = 2 };
        Assert.Equal("Bad", await NextAsync(Reader("GET /" + new string('x', 200), limits)));
        Assert.Equal("Bad", await NextAsync(Reader($"GET /{new string('x', 200)} HTTP/1.1\r\n\r\n", limits)));
        Assert.Equal("Bad", await NextAsync(Reader("GET / HTTP/1.1\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n", limits)));
        Assert.Equal("End", await NextAsync(Reader("GET / HT", limits)));
    }

    /// <summary>Gives a text and then what another stream gives.</summary>
    private sealed class Joined(string text, Stream next) : MemoryStream(Encoding.Latin1.GetBytes(text))
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            buffer.Length > 0 && Position < Length ? base.ReadAsync(buffer, cancellationToken)
            : Position < Length ? new(0) : next.ReadAsync(buffer, cancellationToken);
    }
}
