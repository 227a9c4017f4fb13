using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
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
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(100);

    private readonly Router _router;
    private readonly AccessLog _log;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closed = new();
    private readonly CancellationTokenSource _stopping = new();
    private SocketConnectionContextFactory? _transport;
    private readonly List<Socket> _listeners = [];
    private readonly List<Task> _accepting = [];
    private readonly ConcurrentDictionary<Task, bool> _serving = new();
    private readonly ConnectionTable _clients;

    /// <param name="rpc">Answers calls.</param>
    /// <param name="api">The supervisor, for the pages.</param>
    /// <param name="loop">The supervisor, for who only looks.</param>
    /// <param name="files">Log files.</param>
    /// <param name="usage">What processes use, for the page.</param>
    /// <param name="log">The activity log.</param>
    /// <param name="time">Clock and timers.</param>
    /// <param name="maximumConnections">For all servers together; a log stream takes two descriptors.</param>
    public HttpFrontend(
        IRpcDispatcher rpc, ISupervisorApi api, ISupervisorLoop loop, IFileSystem files, IProcessUsage usage, IActivityLog log, TimeProvider time,
        int maximumConnections = int.MaxValue)
    {
        _clients = new ConnectionTable(maximumConnections, time);
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

    /// <exception cref="TlsException">A server cannot speak TLS as it is told to.</exception>
    public void Start(IReadOnlyList<HttpEndpoint> endpoints)
    {
        if (endpoints.Count == 0)
        {
            return;
        }

        SocketThread.Prepare();
        _transport = new SocketConnectionContextFactory(
            new SocketConnectionFactoryOptions { IOQueueCount = 1, UnsafePreferInlineScheduling = true }, NullLogger.Instance);
        foreach (var endpoint in endpoints)
        {
            var listener = new Socket(new SafeSocketHandle(endpoint.ListenDescriptor, ownsHandle: true));
            _listeners.Add(listener);
            var server = new ServerIdentity(endpoint.Config);
            _accepting.Add(AcceptAsync(listener, server, TlsServer.Create(endpoint.Config)));
        }
    }

    /// <summary>Accepts nothing more, lets answers under way finish, closes the rest.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        foreach (var listener in _listeners)
        {
            listener.Dispose();
        }

        await Task.WhenAll(_accepting);
        await _stopping.CancelAsync();
        await Task.WhenAny(Task.WhenAll(_serving.Keys), Task.Delay(s_grace));
        _clients.AbortAll();
        _transport?.Dispose();
        _clients.Dispose();
        _stopping.Dispose();
        _closed.Dispose();
    }

    // Not with Kestrel's listener, which tries again at once whatever is wrong, and without descriptors takes a processor for nothing.
    private async Task AcceptAsync(Socket listener, ServerIdentity server, TlsServer? tls)
    {
        var refused = false;
        while (true)
        {
            ConnectionContext context;
            try
            {
                var client = await listener.AcceptAsync(_closed.Token);
                if (listener.AddressFamily != AddressFamily.Unix)
                {
                    client.NoDelay = true;
                }

                context = _transport!.Create(client);
            }
            catch (Exception) when (_closed.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.NotConnected)
            {
                // Gone before it was its turn.
                continue;
            }
            catch (Exception e)
            {
                // Out of descriptors, most likely: told once, and tried again, but not in a tight loop.
                if (!refused)
                {
                    refused = true;
                    _log.Failure(server.Name, e);
                }

                await Task.Delay(s_pace);
                continue;
            }

            refused = false;
            var connection = new HttpConnection(context, server, tls, _router, _log, _time, _stopping.Token);
            var serving = ServeAsync(connection);
            _serving[serving] = true;
            _ = serving.ContinueWith(t => _serving.TryRemove(t, out _), TaskScheduler.Default);
        }
    }

    private async Task ServeAsync(HttpConnection connection)
    {
        // Leaves the accept loop at once.
        await Task.Yield();
        if (!_clients.Admit(connection))
        {
            await connection.RefuseAsync();
            return;
        }

        try
        {
            await connection.RunAsync();
        }
        finally
        {
            _clients.Remove(connection);
        }
    }
}
