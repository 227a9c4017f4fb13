using System.Text;

namespace Supervisor.Rpc.Client;

/// <summary>
/// A followed log: <c>/logtail/&lt;name&gt;/&lt;channel&gt;</c> or <c>/mainlogtail</c> (CTL-041, CTL-044).
/// One thread reads; <see cref="Abort"/> may come from any thread and ends the reading.
/// </summary>
public sealed class LogStream : IDisposable
{
    private readonly HttpConnection connection;
    private HttpResponseReader? response;

    private LogStream(HttpConnection connection)
    {
        this.connection = connection;
    }

    /// <summary>Connects and asks. Credentials are sent only if the password is not empty.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">No connection.</exception>
    public static LogStream Open(ServerAddress address, string? username, string? password, string path)
    {
        var connection = HttpConnection.Connect(address);
        var credentials = string.IsNullOrEmpty(password) ? "" : BasicCredentials.HeaderLine(username ?? "", password);
        try
        {
            connection.Send(Encoding.ASCII.GetBytes(
                $"GET {EscapePath(path)} HTTP/1.1\r\nHost: {address.HostHeader}\r\nAccept-Encoding: chunked\r\nAccept: */*\r\n"
                + $"User-agent: Supervisor HTTP Client\r\n{credentials}\r\n"));
            return new LogStream(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Waits for the head of the answer.</summary>
    public int ReadStatus()
    {
        response = HttpResponseReader.ReadHead(connection);
        return response.Status;
    }

    /// <summary>Waits for log bytes; 0 when the server has ended the stream. Call <see cref="ReadStatus"/> first.</summary>
    public int Read(Span<byte> destination) =>
        (response ?? throw new InvalidOperationException("the head has not been read")).Read(destination);

    public void Abort() => connection.Abort();

    public void Dispose() => connection.Dispose();

    /// <summary>A request line is ASCII; what is ASCII already stays as typed, because servers unquote the path themselves.</summary>
    private static string EscapePath(string path)
    {
        if (Ascii.IsValid(path))
        {
            return path;
        }

        var escaped = new StringBuilder(path.Length * 2);
        foreach (var b in Encoding.UTF8.GetBytes(path))
        {
            _ = b < 0x80 ? escaped.Append((char)b) : escaped.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return escaped.ToString();
    }
}
