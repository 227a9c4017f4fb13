using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Engine;
using Supervisor.Core.Ports;
using Supervisor.Rpc.Contract;
using Supervisor.Server.Tail;

namespace Supervisor.Server.Http;

/// <summary>
/// All HTTP servers of a daemon: <see cref="ISocketServer"/> accepts and moves bytes, <see cref="HttpConnection"/> speaks the dialect. The
/// sockets come bound; a restart of the daemon makes a new frontend in the same process.
/// </summary>
public sealed class HttpFrontend : IAsyncDisposable
{
    // All clients together may have us hold this much.
    private const long RequestBytes = 64 * 1024 * 1024;
    private const long AnswerBytes = 128 * 1024 * 1024;

    // Answers that are under way when the daemon ends get this long.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(100);

    private readonly Router _router;
    private readonly AccessLog _log;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closed = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ISocketServer _sockets;
    private readonly List<Listener> _listeners = [];
    private readonly ConnectionTable _clients;

    /// <param name="sockets">Accepts clients.</param>
    /// <param name="rpc">Answers calls.</param>
    /// <param name="api">The supervisor, for the pages.</param>
    /// <param name="loop">The supervisor, for who only looks.</param>
    /// <param name="logs">Log files.</param>
    /// <param name="memory">For requests.</param>
    /// <param name="usage">What processes use, for the page.</param>
    /// <param name="log">The activity log.</param>
    /// <param name="time">Clock and timers.</param>
    /// <param name="maximumConnections">For all servers together; a log stream takes two descriptors.</param>
    public HttpFrontend(
        ISocketServer sockets, IRpcDispatcher rpc, ISupervisorApi api, ISupervisorLoop loop, LogFiles logs, INativeMemory memory,
        IProcessUsage usage, IActivityLog log, TimeProvider time, int maximumConnections = int.MaxValue)
    {
        _sockets = sockets;
        var requests = new RequestMemory(memory, new MemoryBudget(RequestBytes), new GcTrimmer());
        _clients = new ConnectionTable(maximumConnections, requests.Trim, time);
        _log = new AccessLog(log, time);
        _time = time;
        _router = new Router(rpc, api, loop, logs, requests, new MemoryBudget(AnswerBytes), usage, _log, time);
    }

    /// <summary>The line that a server of the configuration begins its life with (DMN-018).</summary>
    public void Announce(HttpServerConfig server)
    {
        var identity = new ServerContext(server);
        _log.Started(server.Family == HttpServerFamily.Unix ? identity.Port : identity.Name, identity.Name, identity.Port);
    }

    /// <exception cref="TlsException">A server cannot speak TLS as it is told to.</exception>
    public void Start(IReadOnlyList<HttpEndpoint> endpoints)
    {
        foreach (var endpoint in endpoints)
        {
            var tls = TlsServer.Create(endpoint.Config);
            var listener = _sockets.Listen(endpoint.ListenDescriptor);
            var closed = CancellationTokenSource.CreateLinkedTokenSource(_closed.Token);
            var accepting = AcceptAsync(listener, new ServerContext(endpoint.Config), tls, closed.Token);
            _listeners.Add(new Listener(endpoint.ListenDescriptor, listener, closed, accepting));
        }
    }

    /// <summary>Accepts nothing more on this socket, which may be closed once the task has ended. Its clients stay.</summary>
    public async Task StopAsync(nint descriptor)
    {
        if (_listeners.Find(l => l.Descriptor == descriptor) is { } listener)
        {
            _listeners.Remove(listener);
            await listener.CloseAsync();
        }
    }

    /// <summary>Accepts nothing more, lets answers under way finish, closes the rest.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        foreach (var listener in _listeners)
        {
            await listener.CloseAsync();
        }

        await _stopping.CancelAsync();
        await Task.WhenAny(_clients.WhenEmpty(), Task.Delay(s_grace));
        _clients.AbortAll();
        _clients.Dispose();
        _stopping.Dispose();
        _closed.Dispose();
    }

    private async Task AcceptAsync(ISocketListener listener, ServerContext server, TlsServer? tls, CancellationToken closed)
    {
        var refused = false;
        while (true)
        {
            ClientStream client;
            try
            {
                client = await listener.AcceptAsync(closed);
            }
            catch (OperationCanceledException)
            {
                return;
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
            Serve(new HttpConnection(client, server, tls, _router, _log, _time, _stopping.Token));
        }
    }

    // Goes on by itself; the table knows of it.
    private void Serve(HttpConnection connection) => _ = _clients.Attach(connection) ? connection.RunAsync(_clients) : connection.RefuseAsync();

    private sealed record Listener(nint Descriptor, ISocketListener Socket, CancellationTokenSource Closed, Task Accepting)
    {
        public async Task CloseAsync()
        {
            await Closed.CancelAsync();
            await Accepting;
            Socket.Dispose();
            Closed.Dispose();
        }
    }
}
