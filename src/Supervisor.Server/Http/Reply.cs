using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Supervisor.Server.Http;

/// <summary>A reply on its way: status, headers in the order they were first set, and the body or what streams it.</summary>
internal sealed class Reply
{
    private readonly List<KeyValuePair<string, string>> _headers = [];
    private ReadOnlyMemory<byte> _body;

    public Reply(int code)
    {
        Code = code;
    }

    public int Code { get; }

    public ReadOnlyMemory<byte> Body { get => _body; init => _body = value; }

    /// <summary>Writes a body of unknown length until it is done or cancelled; null for a plain body.</summary>
    public Func<Func<ReadOnlyMemory<byte>, Task>, CancellationToken, Task>? Stream { get; private init; }

    /// <summary>Close after this reply whatever the client wishes.</summary>
    public bool Close { get; init; }

    /// <summary>Called when it has gone out, or never will.</summary>
    public Action? Sent { get; private set; }

    public bool HasLength => IndexOf("Content-Length") >= 0;

    /// <summary>Somebody else has the body now, and it may go.</summary>
    public void LetGo() => _body = default;

    /// <summary>Sets a header; one that is there keeps its place.</summary>
    public Reply Set(string name, string value)
    {
        var at = IndexOf(name);
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

    /// <summary>Sets what is called when it has gone out.</summary>
    public Reply WhenSent(Action sent)
    {
        Sent = sent;
        return this;
    }

    public static Reply Streaming(Func<Func<ReadOnlyMemory<byte>, Task>, CancellationToken, Task> stream) => new(200) { Stream = stream };

    public static Reply Plain(int code, ReadOnlyMemory<byte> body) => new(code) { Body = body };

    /// <summary>Status line and headers (HTTP-001, HTTP-002).</summary>
    public byte[] Head(string version, DateTimeOffset now)
    {
        var text = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, stackalloc char[512]);
        text.AppendLiteral("HTTP/");
        text.AppendLiteral(version);
        text.AppendLiteral(" ");
        text.AppendFormatted(Code);
        text.AppendLiteral(" ");
        text.AppendLiteral(StatusText.Of(Code));
        text.AppendLiteral("\r\nServer: Medusa/1.12\r\nDate: ");
        text.AppendLiteral(HttpDate.Of(now));
        text.AppendLiteral("\r\n");
        foreach (var (name, value) in _headers)
        {
            text.AppendLiteral(name);
            text.AppendLiteral(": ");
            text.AppendLiteral(value);
            text.AppendLiteral("\r\n");
        }

        text.AppendLiteral("\r\n");
        var head = new byte[Encoding.UTF8.GetByteCount(text.Text)];
        Encoding.UTF8.GetBytes(text.Text, head);
        text.Clear();
        return head;
    }

    private int IndexOf(string name)
    {
        for (var i = 0; i < _headers.Count; i++)
        {
            if (_headers[i].Key == name)
            {
                return i;
            }
        }

        return -1;
    }

    private Reply SetErrorHeaders() => Set("Content-Length", Body.Length.ToString(CultureInfo.InvariantCulture)).Set("Content-Type", "text/html");
}
