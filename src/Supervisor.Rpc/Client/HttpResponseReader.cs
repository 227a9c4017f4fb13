using System.Globalization;

namespace Supervisor.Rpc.Client;

/// <summary>Reads one response from a connection: the head at once, the body piece by piece however it is framed.</summary>
internal sealed class HttpResponseReader
{
    private readonly HttpConnection connection;
    private bool chunked;

    /// <summary>Bytes left of the body or of the chunk; -1 means "until the connection ends".</summary>
    private long remaining = -1;

    private bool firstChunk = true;
    private bool done;

    private HttpResponseReader(HttpConnection connection)
    {
        this.connection = connection;
    }

    public int Status { get; private set; }

    public string Reason { get; private set; } = "";

    /// <summary>Whether the connection can carry another request once the body is read.</summary>
    public bool KeepAlive { get; private set; }

    /// <exception cref="RpcClientException">RemoteDisconnected when not a single byte came, BadStatusLine for anything that is not HTTP.</exception>
    public static HttpResponseReader ReadHead(HttpConnection connection)
    {
        var reader = new HttpResponseReader(connection);
        do
        {
            reader.ReadStatusLine();
            reader.ReadHeaders();
        }
        while (reader.Status is >= 100 and < 200);

        reader.done = reader.Status is 204 or 304 || (!reader.chunked && reader.remaining == 0);
        reader.KeepAlive &= reader.chunked || reader.remaining >= 0;
        return reader;
    }

    /// <summary>Next bytes of the body; 0 at its end.</summary>
    public int Read(Span<byte> destination)
    {
        if (done)
        {
            return 0;
        }

        if (chunked && remaining <= 0 && !NextChunk())
        {
            done = true;
            return 0;
        }

        var wanted = remaining < 0 ? destination.Length : (int)Math.Min(destination.Length, remaining);
        var count = connection.Read(destination[..wanted]);
        if (count == 0)
        {
            done = true;
            return remaining < 0 ? 0 : throw new RpcClientException(RpcClientError.IncompleteRead, "connection ended inside the answer");
        }

        if (remaining >= 0)
        {
            remaining -= count;
            done = !chunked && remaining == 0;
        }

        return count;
    }

    private void ReadStatusLine()
    {
        var line = connection.ReadLine()
            ?? throw new RpcClientException(RpcClientError.RemoteDisconnected, "Remote end closed connection without response");
        var parts = line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 2 || !parts[0].StartsWith("HTTP/", StringComparison.Ordinal)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var status) || status is < 100 or > 999)
        {
            throw new RpcClientException(RpcClientError.BadStatusLine, line);
        }

        Status = status;
        Reason = parts.Length > 2 ? parts[2].Trim() : "";
        KeepAlive = parts[0] != "HTTP/1.0";
        chunked = false;
        remaining = -1;
    }

    private void ReadHeaders()
    {
        while (true)
        {
            var line = connection.ReadLine()
                ?? throw new RpcClientException(RpcClientError.IncompleteRead, "connection ended inside the head");
            if (line.Length == 0)
            {
                return;
            }

            var colon = line.IndexOf(':');
            if (colon > 0)
            {
                Apply(line.AsSpan(0, colon).Trim(), line.AsSpan(colon + 1).Trim());
            }
        }
    }

    private void Apply(ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        if (name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
        {
            if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var length))
            {
                throw new RpcClientException(RpcClientError.BadAnswer, $"bad Content-Length {value}");
            }

            remaining = chunked ? 0 : length;
        }
        else if (name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase))
        {
            chunked = value.Equals("chunked", StringComparison.OrdinalIgnoreCase);
            remaining = chunked ? 0 : remaining;
        }
        else if (name.Equals("Connection", StringComparison.OrdinalIgnoreCase))
        {
            // Medusa spells its persistent HTTP/1.0 answers with Keep-Alive.
            KeepAlive = !value.Equals("close", StringComparison.OrdinalIgnoreCase)
                && (KeepAlive || value.Equals("keep-alive", StringComparison.OrdinalIgnoreCase));
        }
    }

    private bool NextChunk()
    {
        if (!firstChunk)
        {
            connection.ReadLine();
        }

        firstChunk = false;
        var line = connection.ReadLine();
        if (line is null)
        {
            // Servers of endless logs simply hang up.
            KeepAlive = false;
            return false;
        }

        var size = line.AsSpan();
        var semicolon = size.IndexOf(';');
        size = (semicolon < 0 ? size : size[..semicolon]).Trim();
        if (!long.TryParse(size, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out remaining) || remaining < 0)
        {
            throw new RpcClientException(RpcClientError.BadAnswer, $"bad chunk size {line}");
        }

        if (remaining > 0)
        {
            return true;
        }

        while (connection.ReadLine() is { Length: > 0 })
        {
        }

        return false;
    }
}
