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
            result.Dispose();
            result.RemoveFiles();
            throw new StartupException(e.Message);
        }
    }

    /// <summary>For the HTTP server, which must be gone before these are closed.</summary>
    public IReadOnlyList<HttpEndpoint> Endpoints => [.. _sockets.Select(s => new HttpEndpoint(s.Config, s.Socket.Descriptor))];

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
