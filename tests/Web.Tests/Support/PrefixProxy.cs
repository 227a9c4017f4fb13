using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Supervisor.Web.Tests.Support;

/// <summary>What a reverse proxy does that offers a server under a path: takes the prefix off each request and passes everything on.</summary>
internal sealed class PrefixProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly string _prefix;
    private readonly int _port;
    private readonly Task _accepting;

    public PrefixProxy(int port, string prefix)
    {
        (_port, _prefix) = (port, prefix);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}{_prefix}/";

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        await _accepting;
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                open.Add(PassOnAsync(await _listener.AcceptTcpClientAsync(_ended.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task PassOnAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            await server.ConnectAsync(IPAddress.Loopback, _port);
            await Task.WhenAny(CopyAsync(client, server, strip: true), CopyAsync(server, client, strip: false));
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to, bool strip)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, _ended.Token) is > 0 and var count)
            {
                var data = buffer.AsMemory(0, count);
                if (strip)
                {
                    // A browser sends a head in one piece, and nothing else looks like this.
                    var text = Encoding.Latin1.GetString(data.Span);
                    foreach (var method in new[] { "GET", "POST" })
                    {
                        text = text.Replace($"{method} {_prefix}/", $"{method} /", StringComparison.Ordinal);
                    }

                    data = Encoding.Latin1.GetBytes(text);
                }

                await to.GetStream().WriteAsync(data, _ended.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // One of the two has gone.
        }
    }
}
