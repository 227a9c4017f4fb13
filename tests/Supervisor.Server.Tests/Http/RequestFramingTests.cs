using System.Text;
using CsCheck;
using Supervisor.Server.Http;

namespace Supervisor.Server.Tests.Http;

/// <summary>Where readers may disagree about the end of a body, the connection ends with the answer.</summary>
public class RequestFramingTests
{
    private static RequestFraming Of(string headers) => RequestFraming.Of(Encoding.UTF8.GetBytes("POST / HTTP/1.1\r\n" + headers));

    [Theory]
    [InlineData("")]
    [InlineData("Host: x")]
    [InlineData("Content-Length: 0")]
    [InlineData("content-LENGTH: 80")]
    [InlineData("Content-Length: 0080")]
    [InlineData("Host: x\r\nContent-Length: 80\r\nX: y")]
    [InlineData("X-Content-Length: a\r\nContent-Length: 80\r\nContent-Length-X: 3")]
    [InlineData("X: a\r\n folded\r\nContent-Length: 80")]
    [InlineData("X Y: z\r\nnonsense\r\n: x")]
    [InlineData("X:y\r\nA : b")]
    [InlineData("TE: trailers\r\nAccept-Transfer-Encoding: x")]
    public void Framing_OneLengthOrNone_IsPlain(string headers) => Assert.Equal(new RequestFraming(true, false, false), Of(headers));

    [Theory]
    [InlineData("Content-Length:80")]
    [InlineData("Content-Length:  80")]
    [InlineData("Content-Length:\t80")]
    [InlineData("Content-Length: \t80")]
    [InlineData("Content-Length: 80 ")]
    [InlineData("Content-Length: 80\t")]
    [InlineData("Content-Length: \v80")]
    [InlineData("Content-Length : 80")]
    [InlineData("Content-Length\t: 80")]
    [InlineData(" Content-Length: 80")]
    [InlineData("\tContent-Length: 80")]
    [InlineData("X: y\r\n Content-Length: 80")]
    [InlineData("Content-Length: \r\n 80")]
    [InlineData("Content-Length: 8\r\n 0")]
    [InlineData("Content-Length: 8\r\n\t0")]
    [InlineData("Content-Length: 8\r\n ")]
    [InlineData("Content-Length: 80\r\n X: y")]
    [InlineData("Content-Length: +80")]
    [InlineData("Content-Length: -80")]
    [InlineData("Content-Length: 0x80")]
    [InlineData("Content-Length: 8_0")]
    [InlineData("Content-Length: 80.0")]
    [InlineData("Content-Length: 80, 80")]
    [InlineData("Content-Length: \u0668\u0660")]
    [InlineData("Content-Length: ")]
    [InlineData("Content-Length:")]
    [InlineData("Content-Length")]
    [InlineData("Content-Length 80")]
    [InlineData("Content-Length=80")]
    [InlineData("Content_Length: 80")]
    [InlineData("CONTENT-LENGTH_: 80")]
    [InlineData("Content-Length: 80\r\nContent-Length: 80")]
    [InlineData("Content-Length: 80\r\nContent_Length: 80")]
    [InlineData("Content-Length: 80\r\nX: y\ncontent-length: 0")]
    [InlineData("X: y\nContent-Length: 80")]
    [InlineData("X: y\rContent-Length: 80")]
    [InlineData("X: a\nb")]
    [InlineData("X: a\rb")]
    [InlineData("X: a\0b")]
    [InlineData("X: y\r")]
    [InlineData("\n")]
    [InlineData("\u00a0Content-Length: 80")]
    [InlineData("Content-Length\u00a0: 80")]
    [InlineData("Transfer-Encoding: chunked")]
    [InlineData("Transfer-Encoding:chunked")]
    [InlineData("Transfer-Encoding: identity")]
    [InlineData("Transfer-Encoding : chunked")]
    [InlineData("Transfer-Encoding\v: chunked")]
    [InlineData("Transfer_Encoding: chunked")]
    [InlineData("X: y\r\n Transfer-Encoding: chunked")]
    [InlineData("Transfer-Encoding:\r\n chunked")]
    [InlineData("Transfer-Encoding\r\n : chunked")]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked")]
    public void Framing_AnythingElse_IsNotPlain(string headers)
    {
        Assert.False(Of(headers).IsPlain);
        Assert.False(Of("A: b\r\n" + headers + "\r\nC: d").IsPlain);
        Assert.False(Of(headers + "\r\n" + headers).IsPlain);
    }

    [Theory]
    [InlineData("GET /\n HTTP/1.1")]
    [InlineData("GET /a\rb HTTP/1.1")]
    [InlineData("GET /\0 HTTP/1.1")]
    public void Framing_LineEndInARequestLine_IsNotPlain(string line) => Assert.False(RequestFraming.Of(Encoding.UTF8.GetBytes(line)).IsPlain);

    [Theory]
    [InlineData("Content-Length: 5\r\nContent-Length: 5", false)]
    [InlineData("Content-Length: 5\r\nContent-Length:5", false)]
    [InlineData("Content-Length: 5\r\nContent-Length: 6", true)]
    [InlineData("Content-Length: 5\r\nContent-Length: ", true)]
    [InlineData("Content-Length: 5\r\nContent-Length : 05", true)]
    [InlineData("Content-Length\r\nContent-Length: 5", true)]
    public void Framing_TwoLengths_ConflictWhenTheyDiffer(string headers, bool conflict) => Assert.Equal(conflict, Of(headers).Conflicts);

    [Theory]
    [InlineData("Expect: 100-continue")]
    [InlineData("expect:x")]
    public void Framing_Expect_IsSeen(string headers) => Assert.Equal(new RequestFraming(true, false, true), Of(headers));

    /// <summary>Whatever a plain head looks like to a reader that takes any line end and any blanks: it finds the same lengths.</summary>
    [Fact]
    public void Framing_Plain_MeansTheSameToALenientReader()
    {
        string[] pieces = ["Content-Length", "content-length", "Transfer-Encoding", ":", ": ", " ", "\t", "5", "6", "\r\n", "\n", "\r", "\0", "X: y", "_", "\r\n "];
        Gen.Int[0, pieces.Length - 1].Select(i => pieces[i]).List[0, 20].Sample(
            parts =>
            {
                var text = string.Concat(parts);
                if (!Of(text).IsPlain)
                {
                    return;
                }

                var lenient = text.Split('\r', '\n', '\0').Select(l => l.Trim().Replace('_', '-'))
                    .Where(l => l.StartsWith("content-length", StringComparison.OrdinalIgnoreCase) || l.StartsWith("transfer-encoding", StringComparison.OrdinalIgnoreCase))
                    .Where(l => l.Contains(':', StringComparison.Ordinal) && l[..l.IndexOf(':', StringComparison.Ordinal)].Trim() is "Content-Length" or "content-length" or "Transfer-Encoding")
                    .ToList();
                var strict = text.Split("\r\n").Where(l => l.StartsWith("content-length: ", StringComparison.OrdinalIgnoreCase)).ToList();
                Assert.Equal(strict, lenient);
            },
            iter: 20_000);
    }
}
