using System.Text;
using Supervisor.Server.Http;
using Supervisor.Server.Tests.Support;
using Supervisor.Server.Web;

namespace Supervisor.Server.Tests.Http;

public class HttpTests
{
    private static RequestHead? Parse(string text) => RequestHead.Parse(Encoding.Latin1.GetBytes(text), new FakeMemory());

    [Theory]
    [InlineData("", "da39a3ee5e6b4b0d3255bfef95601890afd80709")]
    [InlineData("abc", "a9993e364706816aba3e25717850c26c9cd0d89d")]
    [InlineData("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "84983e441c3bd26ebaae4aa1f95129e5e54670f1")]
    public void Sha1_Vectors_AreThoseOfTheStandard_OPT034(string text, string hash) =>
        Assert.Equal(hash, Convert.ToHexStringLower(Sha1.Hash(Encoding.ASCII.GetBytes(text))));

    [Fact]
    public void Sha1_AnyLength_IsTheFrameworks_OPT034()
    {
        var data = new byte[300];
        new Random(1).NextBytes(data);
        for (var length = 0; length <= data.Length; length++)
        {
#pragma warning disable CA5350
            Assert.Equal(System.Security.Cryptography.SHA1.HashData(data.AsSpan(0, length)), Sha1.Hash(data.AsSpan(0, length)));
#pragma warning restore CA5350
        }
    }

    [Fact]
    public void Head_Headers_AreMatchedWithABlankOnly_HTTP006()
    {
        var head = Parse("GET /a%20b?c=%20#f HTTP/1.1\r\nhost: h\r\nContent-Length:5\r\nX: one\r\n two")!;
        Assert.Equal(("GET", "/a b", "c=%20", "1.1"), (head.Method, head.Path, head.Query, head.Version));
        Assert.Equal("h", head["Host"]);
        Assert.Null(head["Content-Length"]);
        Assert.Equal("onetwo", head["x"]);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("GET /")]
    [InlineData("GET / HTTP/")]
    [InlineData("GET / FTP/1.0")]
    [InlineData("GET / a b")]
    public void Head_RequestLine_IsReadOrRefused(string line) => Assert.Equal(line == "GET /", Parse(line) is not null);

    [Fact]
    public void Head_NotText_IsRefused() => Assert.Null(Parse("GET /\xff HTTP/1.0"));

    [Theory]
    [InlineData("user", "pass", "user:pass", 0)]
    [InlineData("user", "p:q", "user:p:q", 0)]
    [InlineData("user", "{SHA}9d4e1e23bd5b727046a9e3b4b7db57bd8d6ee684", "user:pass", 0)]
    [InlineData("user", "pass", "user:no", 401)]
    [InlineData("user", "pass", "other:pass", 401)]
    [InlineData("user", "pass", "user", 500)]
    public async Task Auth_Credentials_HTTP020_HTTP022(string user, string password, string sent, int code)
    {
        var header = "Authorization: Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(sent));
        Assert.Equal(code, (await new BasicAuth(user, password).ChallengeAsync(Parse("GET / HTTP/1.0\r\n" + header)!, new ClientTimeout(TimeProvider.System)))?.Code ?? 0);
    }

    [Theory]
    [InlineData("Authorization: Digest x", 401)]
    [InlineData("Authorization: Basic ###", 500)]
    [InlineData("Authorization: Basic abcde", 400)]
    [InlineData("X: y", 401)]
    public async Task Auth_OtherHeaders_HTTP021(string header, int code) =>
        Assert.Equal(code, (await new BasicAuth("u", "p").ChallengeAsync(Parse("GET / HTTP/1.0\r\n" + header)!, new ClientTimeout(TimeProvider.System)))!.Code);

    [Fact]
    public void Reply_Head_KeepsTheOrderOfItsHeaders_HTTP002()
    {
        var reply = Reply.Error(401, [new("Connection", "close"), new("WWW-Authenticate", "Basic realm=\"default\"")]);
        var text = Encoding.ASCII.GetString(reply.Head("1.0", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)));
        Assert.Equal(
            "HTTP/1.0 401 Unauthorized\r\nServer: Medusa/1.12\r\nDate: Fri, 02 Jan 2026 03:04:05 GMT\r\nConnection: close\r\n" +
            $"WWW-Authenticate: Basic realm=\"default\"\r\nContent-Length: {reply.Body.Length}\r\nContent-Type: text/html\r\n\r\n", text);
    }

    [Fact]
    public void Form_Precedence_HTTP054()
    {
        var form = new UrlForm("a=1&a=2&b=x%3Ay+z&c=", "a=3&a=4");
        Assert.Equal(("4", "x:y z", null), (form["a"], form["b"], form["c"]));
        Assert.Equal("g%3Ap/q", UrlForm.Quote("g:p/q"));
    }
}
