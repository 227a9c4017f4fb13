using System.Text;
using Microsoft.Extensions.Time.Testing;
using Supervisor.Core.Configuration.Model;
using Supervisor.Server.Http;

namespace Supervisor.Server.Tests.Http;

public class HeadReaderTests
{
    private static HeadReader Reader(string sent, HttpLimits? limits = null) =>
        new(new ClientReader(new MemoryStream(Encoding.Latin1.GetBytes(sent))), limits ?? new HttpLimits(), new ClientPatience(new FakeTimeProvider()));

    private static async Task<string> NextAsync(HeadReader reader)
    {
        var (head, verdict) = await reader.ReadAsync(TestContext.Current.CancellationToken);
        return verdict == HeadVerdict.Request ? $"{head!.Line} [{string.Join("|", head.Headers)}]" : verdict.ToString();
    }

    [Fact]
    public async Task SameHead_AgainAndAgain_IsReadOnce()
    {
        var reader = Reader("GET / HTTP/1.1\r\nA: b\r\n\r\nGET / HTTP/1.1\r\nA: b\r\n\r\n");
        var (first, _) = await reader.ReadAsync(TestContext.Current.CancellationToken);
        var (second, _) = await reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Same(first, second);
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
        var (first, _) = await reader.ReadAsync(TestContext.Current.CancellationToken);
        var (second, _) = await reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.NotSame(first, second);
        Assert.Equal(first!.Headers, second!.Headers);
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
}
