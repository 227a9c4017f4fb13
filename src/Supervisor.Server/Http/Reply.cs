using System.Globalization;
using System.Text;

namespace Supervisor.Server.Http;

/// <summary>A reply on its way: status, headers in the order they were first set, and the body or what streams it.</summary>
internal sealed class Reply
{
    private readonly List<KeyValuePair<string, string>> _headers = [];

    public Reply(int code)
    {
        Code = code;
    }

    public int Code { get; }

    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Writes a body of unknown length until it is done or cancelled; null for a plain body.</summary>
    public Func<Func<ReadOnlyMemory<byte>, Task>, CancellationToken, Task>? Stream { get; private init; }

    /// <summary>Close after this reply whatever the client wishes.</summary>
    public bool Close { get; init; }

    /// <summary>Called when it has gone out, or never will.</summary>
    public Action? Sent { get; init; }

    public bool HasLength => _headers.Exists(h => h.Key == "Content-Length");

    /// <summary>Sets a header; one that is there keeps its place.</summary>
    public Reply Set(string name, string value)
    {
        var at = _headers.FindIndex(h => h.Key == name);
        if (at >= 0)
        {
            _headers[at] = new(name, value);
        }
        else
        {
            _headers.Add(new(name, value));
        }

        return this;
    }

    public static Reply Error(int code, bool close = false) => new Reply(code) { Body = Encoding.UTF8.GetBytes(StatusText.Page(code)), Close = close }.SetErrorHeaders();

    /// <summary>An error page behind headers that are already set.</summary>
    public static Reply Error(int code, IEnumerable<KeyValuePair<string, string>> headers, bool close = false)
    {
        var reply = new Reply(code) { Body = Encoding.UTF8.GetBytes(StatusText.Page(code)), Close = close };
        foreach (var (name, value) in headers)
        {
            reply.Set(name, value);
        }

        return reply.SetErrorHeaders();
    }

    public static Reply Content(string type, ReadOnlyMemory<byte> body, Action? sent = null) => new Reply(200) { Body = body, Sent = sent }
        .Set("Content-Type", type)
        .Set("Content-Length", body.Length.ToString(CultureInfo.InvariantCulture));

    public static Reply Streaming(Func<Func<ReadOnlyMemory<byte>, Task>, CancellationToken, Task> stream) => new(200) { Stream = stream };

    public static Reply Plain(int code, ReadOnlyMemory<byte> body) => new(code) { Body = body };

    /// <summary>Status line and headers (HTTP-001, HTTP-002).</summary>
    public byte[] Head(string version, DateTimeOffset now)
    {
        var text = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"HTTP/{version} {Code} {StatusText.Of(Code)}\r\nServer: Medusa/1.12\r\nDate: {now.UtcDateTime:R}\r\n");
        foreach (var (name, value) in _headers)
        {
            text.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        return Encoding.UTF8.GetBytes(text.Append("\r\n").ToString());
    }

    private Reply SetErrorHeaders() => Set("Content-Length", Body.Length.ToString(CultureInfo.InvariantCulture)).Set("Content-Type", "text/html");
}
