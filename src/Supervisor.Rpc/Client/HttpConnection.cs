using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Supervisor.Rpc.Client;

/// <summary>One client connection: blocking, buffered, kept alive between requests. Owned by one thread; <see cref="Abort"/> may come from any.</summary>
internal sealed class HttpConnection : IDisposable
{
    /// <summary>Length of a line of the response head; http.client uses the same limit.</summary>
    private const int MaxLine = 65536;

    /// <summary>sun_path of Linux less the final zero.</summary>
    private const int MaxSocketPath = 107;

    private readonly Socket socket;
    private readonly byte[] buffer = new byte[16 * 1024];
    private int start;
    private int end;

    private HttpConnection(Socket socket)
    {
        this.socket = socket;
    }

    /// <exception cref="SocketException">Nobody listens, or the name is unknown.</exception>
    /// <exception cref="RpcClientException">There is no such socket file, or its path is too long.</exception>
    public static HttpConnection Connect(ServerAddress address) =>
        new(address.SocketPath is { } path ? ConnectUnix(path) : ConnectTcp(address.Host, address.Port));

    public void Send(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            data = data[socket.Send(data)..];
        }
    }

    /// <summary>One line of a head without its line end, or null when the connection has ended.</summary>
    public string? ReadLine()
    {
        var line = new ArrayBufferWriter<byte>(128);
        while (true)
        {
            var available = buffer.AsSpan(start, end - start);
            var newline = available.IndexOf((byte)'\n');
            line.Write(newline < 0 ? available : available[..newline]);
            if (line.WrittenCount > MaxLine)
            {
                throw new RpcClientException(RpcClientError.BadStatusLine, "got more than 65536 bytes when reading header line");
            }

            if (newline >= 0)
            {
                start += newline + 1;
                return Encoding.Latin1.GetString(line.WrittenSpan.TrimEnd((byte)'\r'));
            }

            start = end;
            if (!Fill())
            {
                return line.WrittenCount == 0 ? null : Encoding.Latin1.GetString(line.WrittenSpan);
            }
        }
    }

    /// <summary>Waits for at least one byte; 0 when the connection has ended.</summary>
    public int Read(Span<byte> destination)
    {
        if (start == end && !Fill())
        {
            return 0;
        }

        var count = Math.Min(destination.Length, end - start);
        buffer.AsSpan(start, count).CopyTo(destination);
        start += count;
        return count;
    }

    /// <summary>Wakes a thread that is blocked in a read: it sees the end of the connection.</summary>
    public void Abort()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Already gone, which is what was asked for.
        }
    }

    public void Dispose() => socket.Dispose();

    private bool Fill()
    {
        start = 0;
        end = socket.Receive(buffer);
        return end > 0;
    }

    private static Socket ConnectUnix(string path)
    {
        if (Encoding.UTF8.GetByteCount(path) > MaxSocketPath)
        {
            throw new RpcClientException(RpcClientError.SocketPathTooLong, "AF_UNIX path too long");
        }

        if (path.Length == 0)
        {
            throw new SocketException((int)SocketError.ConnectionRefused);
        }

        try
        {
            return Connect(AddressFamily.Unix, new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressNotAvailable && !Path.Exists(path))
        {
            throw new RpcClientException(RpcClientError.SocketFileMissing, "[Errno 2] No such file or directory");
        }
    }

    /// <summary>Tries the addresses of the name in resolver order; the last error is the one reported, as in Python.</summary>
    private static Socket ConnectTcp(string host, int port)
    {
        SocketException? last = null;
        foreach (var address in Dns.GetHostAddresses(host))
        {
            try
            {
                var socket = Connect(address.AddressFamily, new IPEndPoint(address, port));
                socket.NoDelay = true;
                return socket;
            }
            catch (SocketException e)
            {
                last = e;
            }
        }

        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }

    private static Socket Connect(AddressFamily family, EndPoint endPoint)
    {
        var socket = new Socket(family, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(endPoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
