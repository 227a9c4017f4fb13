using System.Buffers;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Supervisor.Rpc.Wire;

namespace Supervisor.Rpc.Client;

/// <summary>XML-RPC calls over one kept-alive connection. Not for concurrent use.</summary>
public sealed class RpcClient : IDisposable
{
    private const string Path = "/RPC2";

    private readonly ServerAddress address;
    private readonly RpcCodec codec;
    private readonly string headPrefix;
    private HttpConnection? connection;

    public RpcClient(RpcCodec codec, ServerAddress address, string? username, string? password)
    {
        this.codec = codec;
        this.address = address;
        headPrefix = $"POST {Path} HTTP/1.1\r\nHost: {address.HostHeader}\r\nAccept-Encoding: identity\r\nUser-Agent: supervisorctl\r\n"
            + $"Content-Type: text/xml\r\nAccept: text/xml\r\n{BasicCredentials.HeaderLine(username, password)}Content-Length: ";
    }

    /// <summary>Calls and waits, however long the server takes.</summary>
    /// <exception cref="Contract.RpcFaultException">The server answered a fault.</exception>
    /// <exception cref="RpcProtocolException">The server answered another HTTP status than 200.</exception>
    /// <exception cref="SocketException">No connection, or it broke.</exception>
    /// <exception cref="RpcClientException">The server did not speak HTTP.</exception>
    public RpcValue Call(string method, params IReadOnlyList<RpcValue> arguments)
    {
        var body = new ArrayBufferWriter<byte>(512);
        codec.Encode(body, method, arguments);
        var length = body.WrittenCount.ToString(CultureInfo.InvariantCulture);
        var head = Encoding.Latin1.GetBytes($"{headPrefix}{length}\r\n\r\n");
        byte[] request = [.. head, .. body.WrittenSpan];

        var response = Exchange(request);
        if (response.Status != 200)
        {
            Close();
            throw new RpcProtocolException(response.Status, response.Reason);
        }

        var answer = ReadBody(response);
        if (!response.KeepAlive)
        {
            Close();
        }

        return codec.Decode(answer);
    }

    public void Dispose() => Close();

    private HttpResponseReader Exchange(byte[] request)
    {
        if (connection is not null)
        {
            try
            {
                return SendAndReadHead(connection, request);
            }
            catch (Exception e) when (e is SocketException or RpcClientException { Error: RpcClientError.RemoteDisconnected })
            {
                // An idle connection that the server has closed meanwhile: what was sent never reached a handler.
                Close();
            }
        }

        connection = HttpConnection.Connect(address);
        try
        {
            return SendAndReadHead(connection, request);
        }
        catch
        {
            Close();
            throw;
        }
    }

    private static HttpResponseReader SendAndReadHead(HttpConnection connection, byte[] request)
    {
        connection.Send(request);
        return HttpResponseReader.ReadHead(connection);
    }

    private ReadOnlySpan<byte> ReadBody(HttpResponseReader response)
    {
        var body = new ArrayBufferWriter<byte>(4096);
        try
        {
            int count;
            while ((count = response.Read(body.GetSpan(4096))) > 0)
            {
                body.Advance(count);
            }
        }
        catch
        {
            Close();
            throw;
        }

        return body.WrittenSpan;
    }

    private void Close()
    {
        connection?.Dispose();
        connection = null;
    }
}
