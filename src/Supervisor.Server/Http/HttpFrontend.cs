using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Engine;
using Supervisor.Core.Ports;
using Supervisor.Rpc.Contract;

namespace Supervisor.Server.Http;

/// <summary>
/// All HTTP servers of a daemon: Kestrel's socket transport accepts and moves bytes, <see cref="HttpConnection"/> speaks the dialect. The
/// sockets come bound; a restart of the daemon makes a new frontend in the same process.
/// </summary>
public sealed class HttpFrontend : IAsyncDisposable
{
    // Answers that are under way when the daemon ends get this long.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2);

    private readonly Router _router;
    private readonly AccessLog _log;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<IConnectionListener> _listeners = [];
    private readonly List<Task> _accepting = [];
    private readonly ConcurrentDictionary<HttpConnection, Task> _connections = new();

    public HttpFrontend(
        IRpcDispatcher rpc, ISupervisorApi api, ISupervisorLoop loop, IFileSystem files, IProcessUsage usage, IActivityLog log, TimeProvider time)
    {
        _log = new AccessLog(log, time);
        _time = time;
        _router = new Router(rpc, api, loop, files, usage, _log, time);
    }

    /// <summary>The line that a server of the configuration begins its life with (DMN-018).</summary>
    public void Announce(HttpServerConfig server)
    {
        var identity = new ServerIdentity(server);
        _log.Started(server.Family == HttpServerFamily.Unix ? identity.Port : identity.Name, identity.Name, identity.Port);
    }

    public async Task StartAsync(IReadOnlyList<HttpEndpoint> endpoints)
    {
        var factory = new SocketTransportFactory(
            Options.Create(new SocketTransportOptions { IOQueueCount = 1 }), NullLoggerFactory.Instance);
        foreach (var endpoint in endpoints)
        {
            var listener = await factory.BindAsync(
                new FileHandleEndPoint((ulong)endpoint.ListenDescriptor, FileHandleType.Auto), CancellationToken.None);
            _listeners.Add(listener);
            var server = new ServerIdentity(endpoint.Config);
            _accepting.Add(AcceptAsync(listener, server));
        }
    }

    /// <summary>Accepts nothing more, lets answers under way finish, closes the rest.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var listener in _listeners)
        {
            await listener.UnbindAsync();
        }

        await Task.WhenAll(_accepting);
        await _stopping.CancelAsync();
        await Task.WhenAny(Task.WhenAll(_connections.Values), Task.Delay(s_grace));
        foreach (var connection in _connections.Keys)
        {
            connection.Abort();
        }

        foreach (var listener in _listeners)
        {
            await listener.DisposeAsync();
        }

        _stopping.Dispose();
    }

    private async Task AcceptAsync(IConnectionListener listener, ServerIdentity server)
    {
        while (true)
        {
            ConnectionContext? context;
            try
            {
                context = await listener.AcceptAsync();
            }
            catch (Exception e) when (e is not ObjectDisposedException)
            {
                // Out of descriptors, most likely: the next client may have more luck, but not in a tight loop.
                _log.Failure(server.Name, e);
                await Task.Delay(TimeSpan.FromMilliseconds(100));
                continue;
            }

            if (context is null)
            {
                return;
            }

            var connection = new HttpConnection(context, server, _router, _log, _time, _stopping.Token);
            _connections[connection] = ServeAsync(connection);
            if (connection.Ended)
            {
                _connections.TryRemove(connection, out _);
            }
        }
    }

    private async Task ServeAsync(HttpConnection connection)
    {
        // Leaves the accept loop at once.
        await Task.Yield();
        await connection.RunAsync();
        _connections.TryRemove(connection, out _);
    }
}
