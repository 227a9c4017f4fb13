using System.Globalization;

namespace Supervisor.Rpc.Client;

/// <summary>Where a supervisord listens: <c>unix:///absolute/path</c> or <c>http://host[:port]</c> (CTL-009).</summary>
public sealed record ServerAddress
{
    private const string UnixScheme = "unix://";
    private const string HttpScheme = "http://";
    private const int DefaultPort = 80;

    private ServerAddress()
    {
    }

    /// <summary>As given; messages show this text.</summary>
    public required string Url { get; init; }

    /// <summary>Null for TCP.</summary>
    public string? SocketPath { get; init; }

    public string Host { get; init; } = "localhost";

    public int Port { get; init; } = DefaultPort;

    /// <summary>Value of the Host header. A path is no host name, so unix sockets say <c>localhost</c>.</summary>
    public string HostHeader
    {
        get
        {
            var host = Host.Contains(':') ? $"[{Host}]" : Host;
            return SocketPath is not null || Port == DefaultPort ? host : string.Create(CultureInfo.InvariantCulture, $"{host}:{Port}");
        }
    }

    /// <exception cref="RpcClientException">With the text that Python Supervisor shows (CTL-008).</exception>
    public static ServerAddress Parse(string url)
    {
        if (url.StartsWith(UnixScheme, StringComparison.Ordinal))
        {
            return new ServerAddress { Url = url, SocketPath = url[UnixScheme.Length..] };
        }

        if (!url.StartsWith(HttpScheme, StringComparison.Ordinal))
        {
            throw new RpcClientException(RpcClientError.BadAddress, $"Unknown protocol for serverurl {url}");
        }

        var authority = url[HttpScheme.Length..];
        var end = authority.AsSpan().IndexOfAny('/', '?', '#');
        authority = end < 0 ? authority : authority[..end];
        authority = authority[(authority.LastIndexOf('@') + 1)..];
        var (host, port) = SplitPort(authority);

        return new ServerAddress
        {
            Url = url,
            Host = host.Length == 0 ? "localhost" : host.ToLowerInvariant(),
            Port = port.Length == 0 ? DefaultPort : ParsePort(port),
        };
    }

    private static (string Host, string Port) SplitPort(string authority)
    {
        if (authority.StartsWith('['))
        {
            var close = authority.IndexOf(']');
            if (close < 0)
            {
                throw new RpcClientException(RpcClientError.BadAddress, "Invalid IPv6 URL");
            }

            var rest = authority[(close + 1)..];
            return (authority[1..close], rest.StartsWith(':') ? rest[1..] : "");
        }

        var colon = authority.IndexOf(':');
        return colon < 0 ? (authority, "") : (authority[..colon], authority[(colon + 1)..]);
    }

    private static int ParsePort(string text)
    {
        if (!text.All(char.IsAsciiDigit))
        {
            throw new RpcClientException(RpcClientError.BadAddress, $"Port could not be cast to integer value as '{text}'");
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535
            ? port
            : throw new RpcClientException(RpcClientError.BadAddress, "Port out of range 0-65535");
    }
}
