using System.Text;

namespace Supervisor.Server.Http;

/// <summary>
/// Request line and headers of one connection, which one thread at a time looks at, read with the leniencies of Python Supervisor's server (HTTP-006..009, HTTP-013):
/// <code>
/// head := CRLF* METHOD " " URI [" HTTP/" VERSION] CRLF (NAME ": " VALUE CRLF)* CRLF
/// </code>
/// </summary>
internal sealed class RequestHead
{
    // A head that is sent again and again is asked the same again and again.
    private readonly List<KeyValuePair<string, string?>> _asked = [];
    private bool? _mentionsError;

    private RequestHead(string line, string method, string uri, string? version, List<string> headers)
    {
        Line = line;
        Method = method;
        Uri = uri;
        Version = version;
        Headers = headers;
        (Path, Query) = SplitUri(uri);
    }

    /// <summary>The request line as received, for the access log.</summary>
    public string Line { get; }

    /// <summary>Case-sensitive.</summary>
    public string Method { get; }

    /// <summary>The path decoded once, the query as sent.</summary>
    public string Uri { get; }

    /// <summary><c>1.1</c>; null for a line without one.</summary>
    public string? Version { get; }

    /// <summary>Header lines, folded ones joined.</summary>
    public IReadOnlyList<string> Headers { get; }

    public string Path { get; }

    /// <summary>Without the question mark; empty when there is none.</summary>
    public string Query { get; }

    /// <summary>Value of a header; only <c>Name: value</c> with a blank after the colon counts.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var (asked, answer) in _asked)
            {
                if (asked == name)
                {
                    return answer;
                }
            }

            var value = Find(name);
            _asked.Add(new(name, value));
            return value;
        }
    }

    /// <summary>What <see cref="RequestGuard"/> found, for the next request with the same head.</summary>
    public bool MayPass { get; set; }

    /// <summary>Whether the word "error" occurs in the request line, which makes its line in the log an error (HTTP-015).</summary>
    public bool MentionsError => _mentionsError ??= Line.Contains("error", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a head without its final empty line; null when it is not a request, not text at all, or has too many lines.</summary>
    public static RequestHead? Parse(ReadOnlySpan<byte> bytes, int maximumHeaders = int.MaxValue)
    {
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }

        var lines = text.Split("\r\n");
        if (lines.Length - 1 > maximumHeaders)
        {
            return null;
        }

        var parts = lines[0].Split(' ');
        if (parts.Length is < 2 or > 3 || parts[0].Length == 0 || parts[1].Length == 0)
        {
            return null;
        }

        string? version = null;
        if (parts.Length == 3)
        {
            if (!parts[2].StartsWith("HTTP/", StringComparison.Ordinal))
            {
                return null;
            }

            version = parts[2]["HTTP/".Length..];
            if (version.Length == 0 || version.Any(c => !char.IsAsciiDigit(c) && c != '.'))
            {
                return null;
            }
        }

        return new RequestHead(lines[0], parts[0], DecodePath(parts[1]), version, JoinFolded(lines.AsSpan(1)));
    }

    private string? Find(string name)
    {
        foreach (var header in Headers)
        {
            if (header.Length > name.Length + 1 && header[name.Length] == ':' && header[name.Length + 1] == ' '
                && header.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                return header[(name.Length + 2)..];
            }
        }

        return null;
    }

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

    private static string DecodePath(string uri)
    {
        var question = uri.LastIndexOf('?');
        var path = question < 0 ? uri : uri[..question];
        return path.Contains('%') ? System.Uri.UnescapeDataString(path) + (question < 0 ? "" : uri[question..]) : uri;
    }

    // path ; parameters ? query # fragment
    private static (string Path, string Query) SplitUri(string uri)
    {
        var hash = uri.IndexOf('#');
        if (hash >= 0)
        {
            uri = uri[..hash];
        }

        var question = uri.IndexOf('?');
        var query = question < 0 ? "" : uri[(question + 1)..];
        var path = question < 0 ? uri : uri[..question];
        var semicolon = path.IndexOf(';');
        return (semicolon < 0 ? path : path[..semicolon], query);
    }
}
