using System.Buffers;
using System.Buffers.Text;

namespace Supervisor.Server.Http;

/// <summary>One piece of a body of unknown length: <c>SIZE CRLF DATA CRLF</c>.</summary>
internal static class HttpChunk
{
    /// <summary>Bytes around the data: eight digits and two line ends.</summary>
    public const int MaximumFrame = 12;

    /// <summary>Returns the length of the whole.</summary>
    public static int Write(ReadOnlySpan<byte> data, Span<byte> chunk)
    {
        Utf8Formatter.TryFormat(data.Length, chunk, out var at, new StandardFormat('x'));
        "\r\n"u8.CopyTo(chunk[at..]);
        at += 2;
        data.CopyTo(chunk[at..]);
        at += data.Length;
        "\r\n"u8.CopyTo(chunk[at..]);
        return at + 2;
    }
}
