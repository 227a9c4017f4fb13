using System.Text;
using CsCheck;
using Supervisor.Server.Http;
using Supervisor.Server.Tests.Support;

namespace Supervisor.Server.Tests.Http;

public class RequestHeadLaws
{
    private static readonly string[] s_pieces =
    [
        "GET", "POST", " ", "/", "/RPC2", "HTTP/1.1", "HTTP/", "\r\n", "\n", "\r", "\t", ":", ": ", "Host", "Content-Length", "5", "%", "%2e", "%zz", "?", "#", ";", "..", "ö", "\0", "x",
    ];

    private static readonly Gen<string> s_piece = Gen.Int[0, s_pieces.Length - 1].Select(i => s_pieces[i]);

    private static RequestHead? Parse(byte[] bytes, int maximumHeaders = int.MaxValue) => RequestHead.Parse(bytes, new FakeMemory(), maximumHeaders);

    [Fact]
    public void AnyBytes_AreAHeadOrNone() => Gen.Byte.Array.Sample(bytes => Look(Parse(bytes)));

    [Fact]
    public void AnyPieces_AreAHeadOrNone() => s_piece.List[0, 40].Sample(pieces => Look(Parse(Encoding.UTF8.GetBytes(string.Concat(pieces)))));

    /// <summary>Looking for one header and listing them all are two ways of reading.</summary>
    [Fact]
    public void AnyHeader_IsTheFirstOfItsName() => s_piece.List[0, 40].Sample(pieces =>
    {
        if (Parse(Encoding.UTF8.GetBytes("GET / HTTP/1.1\r\n" + string.Concat(pieces))) is not { } head)
        {
            return;
        }

        foreach (var name in new[] { "host", "CONTENT-LENGTH", "x" })
        {
            Assert.Equal(head.Headers.FirstOrDefault(h => h.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase))?[(name.Length + 2)..], head[name]);
        }
    });

    [Fact]
    public void WellFormed_IsReadBack() =>
        Gen.Select(Gen.Char.AlphaNumeric.Array[1, 9], Gen.Char.AlphaNumeric.Array[0, 20], Gen.Char.AlphaNumeric.Array[1, 9]).Sample((method, path, value) =>
        {
            var head = Parse(Encoding.ASCII.GetBytes($"{new string(method)} /{new string(path)} HTTP/1.1\r\nX-Y: {new string(value)}"))!;
            Assert.Equal((new string(method), "/" + new string(path), new string(value)), (head.Method, head.Path, head["x-y"]));
        });

    /// <summary>A short head remembers and a long one does not, and neither has anybody know.</summary>
    [Theory]
    [InlineData(10)]
    [InlineData(10_000)]
    public void LongOrShort_SaysTheSameAgain_AndLiesWhereItShould(int length)
    {
        var memory = new FakeMemory();
        var rest = new string('x', length);
        using (var head = RequestHead.Parse(Encoding.ASCII.GetBytes($"PUT /error%20a;b?c HTTP/1.1\r\nHost: {rest}\r\nA:\tb\r\n folded\r\nNone"), memory)!)
        {
            Assert.Equal(length > RequestHead.Short, memory.Held > 0);
            for (var i = 0; i < 2; i++)
            {
                Assert.Equal(("PUT", "/error a", "c", "1.1"), (head.Method, head.Path, head.Query, head.Version));
                Assert.Equal(("/error a;b?c", "PUT /error%20a;b?c HTTP/1.1", true), (head.Uri, head.Line, head.MentionsError));
                Assert.Equal((rest, null, null), (head["host"], head["A"], head["none"]));
                Assert.Equal(["Host: " + rest, "A:\tbfolded", "None"], head.Headers);
            }
        }

        Assert.Equal(0, memory.Held);
    }

    [Theory]
    [InlineData("a: b\r\n")]
    [InlineData(" folded\r\n")]
    public void TooManyLines_AreNone(string line)
    {
        byte[] Head(int lines) => Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nx: y\r\n" + string.Concat(Enumerable.Repeat(line, lines)).TrimEnd());
        Assert.NotNull(Parse(Head(99), 100));
        Assert.Null(Parse(Head(100), 100));
    }

    private static void Look(RequestHead? head)
    {
        if (head is not null)
        {
            _ = (head.Method, head.Path, head.Query, head.Version, head["Host"], head["Content-Length"]);
        }
    }
}
