using System.Text;

namespace Supervisor.Server.Http;

/// <summary>
/// What a request says of where it comes from. Blanks around a colon are ignored: browsers and proxies write headers as they like, and none
/// of them may escape <see cref="RequestGuard"/> by the way it is written.
/// </summary>
internal sealed class RequestSource
{
    private RequestSource(ReadOnlySpan<byte> headers, string? version)
    {
        foreach (var range in Lines(headers))
        {
            var line = headers[range];
            var colon = line.IndexOf((byte)':');
            if (colon < 0)
            {
                continue;
            }

            switch (Encoding.UTF8.GetString(line[..colon].Trim(" \t"u8)).ToLowerInvariant())
            {
                case "host":
                    _host ??= Value(line, colon);
                    break;
                case "sec-fetch-site":
                    Site ??= Value(line, colon);
                    break;
                case "sec-fetch-mode":
                    _hasMode = true;
                    break;
                case "accept-language":
                    _hasLanguage = true;
                    break;
                case "origin":
                    Origin ??= Value(line, colon);
                    break;
                case "referer":
                    Referer ??= Value(line, colon);
                    break;
                case "x-forwarded-host":
                    _forwardedHost ??= Value(line, colon);
                    break;
                case "content-type":
                    IsJson |= Value(line, colon).StartsWith("application/json", StringComparison.OrdinalIgnoreCase);
                    break;
            }
        }

        Host = Authority.Of(_host);
        ForwardedHost = Authority.Of(_forwardedHost);
        IsProxied = version == "1.0";
    }

    private readonly string? _host;
    private readonly string? _forwardedHost;
    private readonly bool _hasMode;
    private readonly bool _hasLanguage;

    /// <summary><c>Sec-Fetch-Site</c>, which no page can forge. Browsers send it to https and loopback addresses only.</summary>
    public string? Site { get; }

    public string? Origin { get; }

    public string? Referer { get; }

    /// <summary>By which name we are called.</summary>
    public Authority Host { get; }

    /// <summary>By which name a proxy is called.</summary>
    public Authority ForwardedHost { get; }

    /// <summary>A browser sent it, as far as one can see. Node's fetch() sends a Sec-Fetch-Mode, but no Site.</summary>
    public bool IsBrowser => Site is not null || Origin is not null || (_hasLanguage && !_hasMode);

    /// <summary>A proxy of the old protocol sent it on; browsers speak HTTP/1.1 at least.</summary>
    public bool IsProxied { get; }

    /// <summary>The body is JSON, and so the client's language.</summary>
    public bool IsJson { get; }

    public static RequestSource Of(ReadOnlySpan<byte> headers, string? version) => new(headers, version);

    private static string Value(ReadOnlySpan<byte> line, int colon) => Encoding.UTF8.GetString(line[(colon + 1)..].Trim(" \t"u8));

    private static List<Range> Lines(ReadOnlySpan<byte> headers)
    {
        var lines = new List<Range>();
        for (var at = 0; at < headers.Length;)
        {
            var end = headers[at..].IndexOfAny((byte)'\r', (byte)'\n');
            end = end < 0 ? headers.Length : at + end;
            if (end > at)
            {
                lines.Add(at..end);
            }

            at = end + 1;
        }

        return lines;
    }
}
