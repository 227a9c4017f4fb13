using System.Text;
using CsCheck;
using Supervisor.Server.Http;

namespace Supervisor.Server.Tests.Http;

public class RequestHeadLaws
{
    private static readonly string[] s_pieces =
    [
        "GET", "POST", " ", "/", "/RPC2", "HTTP/1.1", "HTTP/", "\r\n", "\n", "\r", "\t", ":", ": ", "Host", "Content-Length", "5", "%", "%2e", "%zz", "?", "#", ";", "..", "ö", "\0", "x",
    ];

    private static readonly Gen<string> s_piece = Gen.Int[0, s_pieces.Length - 1].Select(i => s_pieces[i]);

    [Fact]
    public void AnyBytes_AreAHeadOrNone() => Gen.Byte.Array.Sample(bytes => Look(RequestHead.Parse(bytes)));

    [Fact]
    public void AnyPieces_AreAHeadOrNone() => s_piece.List[0, 40].Sample(pieces => Look(RequestHead.Parse(Encoding.UTF8.GetBytes(string.Concat(pieces)))));

    [Fact]
    public void WellFormed_IsReadBack() =>
        Gen.Select(Gen.Char.AlphaNumeric.Array[1, 9], Gen.Char.AlphaNumeric.Array[0, 20], Gen.Char.AlphaNumeric.Array[1, 9]).Sample((method, path, value) =>
        {
            var head = RequestHead.Parse(Encoding.ASCII.GetBytes($"{new string(method)} /{new string(path)} HTTP/1.1\r\nX-Y: {new string(value)}"))!;
            Assert.Equal((new string(method), "/" + new string(path), new string(value)), (head.Method, head.Path, head["x-y"]));
        });

    [Theory]
    [InlineData("a: b\r\n")]
    [InlineData(" folded\r\n")]
    public void TooManyLines_AreNone(string line)
    {
        byte[] Head(int lines) => Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nx: y\r\n" + string.Concat(Enumerable.Repeat(line, lines)).TrimEnd());
        Assert.NotNull(RequestHead.Parse(Head(99), 100));
        Assert.Null(RequestHead.Parse(Head(100), 100));
    }

    private static void Look(RequestHead? head)
    {
        if (head is not null)
        {
            _ = (head.Method, head.Path, head.Query, head.Version, head["Host"], head["Content-Length"]);
        }
    }
}
