using System.Text;
using System.Text.Unicode;
using Supervisor.Core.Ports;

namespace Supervisor.Server.Http;

/// <summary>
/// Request line and headers, read with the leniencies of Python Supervisor's server (HTTP-006..009, HTTP-013):
/// <code>
/// head := CRLF* METHOD " " URI [" HTTP/" VERSION] CRLF (NAME ": " VALUE CRLF)* CRLF
/// </code>
/// A short one remembers what it was asked, because many requests may share it (<see cref="RequestHeadCache"/>); any thread. A long one lies outside the
/// collector's reach till it is disposed of, and makes its texts anew each time: thousands may wait for their bodies.
/// </summary>
internal sealed class RequestHead : IDisposable
{
    /// <summary>Bytes of the longest that is short.</summary>
    public const int Short = 512;

    private readonly byte[] _bytes = [];
    private readonly INativeBlock? _block;
    private readonly Range _method;
    private readonly Range _uri;
    private readonly Range _version;
    private readonly int _lineEnd;
    private readonly bool _isFolded;

    // Replaced, never changed. One of two additions at the same time may be lost.
    private KeyValuePair<string, string?>[] _asked = [];
    private RequestTarget? _target;
    private RequestSource? _source;
    private string? _line;
    private int _mentionsError = Unknown;

    private const int Unknown = -1;

    private RequestHead(ReadOnlySpan<byte> bytes, Range uri, Range version, int lineEnd, INativeMemory memory)
    {
        _method = ..(uri.Start.Value - 1);
        _uri = uri;
        _version = version;
        _lineEnd = lineEnd;
        Framing = RequestFraming.Of(bytes);
        _isFolded = bytes[lineEnd..].IndexOf("\r\n "u8) >= 0 || bytes[lineEnd..].IndexOf("\r\n\t"u8) >= 0;
        if (bytes.Length <= Short)
        {
            _bytes = bytes.ToArray();
        }
        else
        {
            _block = memory.Allocate(bytes.Length);
            bytes.CopyTo(_block.Memory.Span);
        }
    }

    /// <summary>As received, without the final empty line.</summary>
    public ReadOnlySpan<byte> Bytes => _block is null ? _bytes : _block.Memory.Span;

    /// <summary>The request line as received, for the access log.</summary>
    public string Line => _block is null ? _line ??= Text(.._lineEnd) : Text(.._lineEnd);

    /// <summary>Case-sensitive.</summary>
    public string Method => Bytes[_method] switch
    {
        [(byte)'G', (byte)'E', (byte)'T'] => "GET",
        [(byte)'P', (byte)'O', (byte)'S', (byte)'T'] => "POST",
        _ => Text(_method),
    };

    /// <summary>What it is sent to.</summary>
    public RequestTarget Target => _block is null ? _target ??= RequestTarget.Of(Text(_uri)) : RequestTarget.Of(Text(_uri));

    /// <summary>Where it comes from, by its own word.</summary>
    public RequestSource Source => _block is null ? _source ??= RequestSource.Of(Bytes[_lineEnd..], Version) : RequestSource.Of(Bytes[_lineEnd..], Version);

    /// <summary>Whether the end of its body can be known.</summary>
    public RequestFraming Framing { get; }

    /// <summary>The path decoded once, the query as sent.</summary>
    public string Uri => Target.Uri;

    public string Path => Target.Path;

    /// <summary>Without the question mark; empty when there is none.</summary>
    public string Query => Target.Query;

    /// <summary><c>1.1</c>; null for a line without one.</summary>
    public string? Version => Bytes[_version] switch
    {
        [] => null,
        [(byte)'1', (byte)'.', (byte)'0'] => "1.0",
        [(byte)'1', (byte)'.', (byte)'1'] => "1.1",
        _ => Text(_version),
    };

    /// <summary>Header lines, folded ones joined; made anew each time.</summary>
    public IReadOnlyList<string> Headers => JoinFolded(Text(_lineEnd..).Split("\r\n"));

    /// <summary>Value of a header; only <c>Name: value</c> with a blank after the colon counts.</summary>
    public string? this[string name]
    {
        get
        {
            var asked = Volatile.Read(ref _asked);
            foreach (var (known, answer) in asked)
            {
                if (known == name)
                {
                    return answer;
                }
            }

            var value = _isFolded ? FindFolded(name) : Find(name);
            if (_block is null)
            {
                Volatile.Write(ref _asked, [.. asked, new(name, value)]);
            }

            return value;
        }
    }

    /// <summary>Whether the word "error" occurs in the request line, which makes its line in the log an error (HTTP-015).</summary>
    public bool MentionsError
    {
        get
        {
            if (_mentionsError == Unknown)
            {
                _mentionsError = Line.Contains("error", StringComparison.OrdinalIgnoreCase) ? 1 : 0;
            }

            return _mentionsError == 1;
        }
    }

    /// <summary>Reads a head without its final empty line; null when it is not a request, not text at all, or has too many lines.</summary>
    /// <param name="bytes">Copied.</param>
    /// <param name="memory">For one that is not <see cref="Short"/>.</param>
    /// <param name="maximumHeaders">Lines after the first.</param>
    public static RequestHead? Parse(ReadOnlySpan<byte> bytes, INativeMemory memory, int maximumHeaders = int.MaxValue)
    {
        if (!Utf8.IsValid(bytes) || bytes.Count("\r\n"u8) > maximumHeaders)
        {
            return null;
        }

        var lineEnd = bytes.IndexOf("\r\n"u8);
        var line = lineEnd < 0 ? bytes : bytes[..lineEnd];
        var uri = line.IndexOf((byte)' ') + 1;
        if (uri < 2)
        {
            return null;
        }

        var length = line[uri..].IndexOf((byte)' ');
        var uriEnd = length < 0 ? line.Length : uri + length;
        if (uriEnd == uri || (length >= 0 && !IsProtocol(line[(uriEnd + 1)..])))
        {
            return null;
        }

        var version = length < 0 ? line.Length..line.Length : (uriEnd + 1 + "HTTP/"u8.Length)..line.Length;
        return new RequestHead(bytes, uri..uriEnd, version, line.Length, memory);
    }

    public void Dispose() => _block?.Dispose();

    private static bool IsProtocol(ReadOnlySpan<byte> word) =>
        word.StartsWith("HTTP/"u8) && word.Length > "HTTP/"u8.Length && !word["HTTP/"u8.Length..].ContainsAnyExcept("0123456789."u8);

    private string Text(Range part) => Encoding.UTF8.GetString(Bytes[part]);

    private string? Find(string name)
    {
        for (var rest = Bytes[_lineEnd..]; !rest.IsEmpty;)
        {
            rest = rest[2..];
            var end = rest.IndexOf("\r\n"u8);
            var header = end < 0 ? rest : rest[..end];
            if (header.Length > name.Length + 1 && header[name.Length] == ':' && header[name.Length + 1] == ' '
                && Ascii.EqualsIgnoreCase(header[..name.Length], name))
            {
                return Encoding.UTF8.GetString(header[(name.Length + 2)..]);
            }

            rest = rest[header.Length..];
        }

        return null;
    }

    private string? FindFolded(string name) =>
        Headers.FirstOrDefault(h => h.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase))?[(name.Length + 2)..];

    private static List<string> JoinFolded(ReadOnlySpan<string> lines)
    {
        var headers = new List<string>(lines.Length);
        foreach (var line in lines)
        {
            if (line.Length > 0 && line[0] is ' ' or '\t' && headers.Count > 0)
            {
                headers[^1] += line[1..];
            }
            else if (line.Length > 0)
            {
                headers.Add(line);
            }
        }

        return headers;
    }
}
