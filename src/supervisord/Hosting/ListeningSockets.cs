using Supervisor.Core.Configuration.Model;
using Supervisor.Server.Http;
using Supervisor.Unix;

namespace Supervisor.Daemon.Hosting;

/// <summary>
/// The HTTP servers' sockets, bound before anything of another instance could be touched (QRK-031). Knows which socket files are ours to
/// remove (DMN-052, DMN-053).
/// </summary>
internal sealed class ListeningSockets : IDisposable
{
    private readonly List<(HttpServerConfig Config, ListeningSocket Socket)> _sockets = [];

    /// <exception cref="StartupException">A socket is taken or refused; those bound before are released.</exception>
    public static ListeningSockets Open(IReadOnlyList<HttpServerConfig> servers)
    {
        var result = new ListeningSockets();
        try
        {
            foreach (var server in servers)
            {
                result._sockets.Add((server, server.Family == HttpServerFamily.Unix
                    ? ListeningSocket.Unix(server.File!, server.Mode, server.OwnerUid, server.OwnerGid)
                    : ListeningSocket.Inet(server.Host, server.Port)));
            }

            return result;
        }
        catch (ListenException e)
        {
            result.RemoveFiles();
            result.Dispose();
            throw new StartupException(e.Message);
        }
    }

    /// <summary>For the HTTP server, which must be gone before these are closed.</summary>
    public IReadOnlyList<HttpEndpoint> Endpoints => [.. _sockets.Select(s => new HttpEndpoint(s.Config, s.Socket.Descriptor))];

    /// <summary>
    /// Unix sockets whose file is gone, each with a new one in its place. The old one is the caller's to close; a server that cannot be
    /// made again is reported and stays as it is.
    /// </summary>
    public IReadOnlyList<(ListeningSocket Old, HttpEndpoint Replacement)> Recreate(Action<string> report)
    {
        var replaced = new List<(ListeningSocket, HttpEndpoint)>();
        for (var i = 0; i < _sockets.Count; i++)
        {
            var (server, old) = _sockets[i];
            if (!old.IsFileMissing)
            {
                continue;
            }

            try
            {
                var fresh = ListeningSocket.Unix(server.File!, server.Mode, server.OwnerUid, server.OwnerGid, missing: true);
                _sockets[i] = (server, fresh);
                replaced.Add((old, new HttpEndpoint(server, fresh.Descriptor)));
            }
            catch (ListenException e)
            {
                report($"unix socket {server.File} is missing and cannot be created again: {e.Message}");
            }
        }

        return replaced;
    }

    public void RemoveFiles()
    {
        foreach (var (_, socket) in _sockets)
        {
            socket.RemoveFile();
        }
    }

    public void Dispose()
    {
        foreach (var (_, socket) in _sockets)
        {
            socket.Dispose();
        }
    }
}
