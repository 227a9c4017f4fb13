using System.Text;

namespace Supervisor.Server.Http;

/// <summary>
/// Request line and headers, read with the leniencies of Python Supervisor's server (HTTP-006..009, HTTP-013):
/// <code>
/// head := CRLF* METHOD " " URI [" HTTP/" VERSION] CRLF (NAME ": " VALUE CRLF)* CRLF
/// </code>
/// </summary>
internal sealed class RequestHead
{
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
    }

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
