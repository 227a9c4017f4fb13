using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Supervisor.Core.Configuration.Model;

namespace Supervisor.Server.Http;

/// <summary>What a connection needs to know of the server it came in by.</summary>
internal sealed class ServerContext
{
    /// <summary>Open connections; <see cref="ConnectionTable"/> counts them.</summary>
    public int Connections;

    private readonly Lazy<string> _hostName;

    public ServerContext(HttpServerConfig config)
    {
        var unix = config.Family == HttpServerFamily.Unix;
        Name = unix ? "<unix domain socket>" : config.Host.Length == 0 ? Environment.MachineName : config.Host;
        _hostName = new Lazy<string>(() => unix ? Name : LookUp(Name));
        Port = unix ? config.File! : config.Port.ToString(CultureInfo.InvariantCulture);
        // An empty user name means no authentication (OPT-033).
        Auth = string.IsNullOrEmpty(config.Username) ? null : new BasicAuth(config.Username, config.FilePassword?.Reveal() ?? config.Password ?? "");
        Guard = new RequestGuard(config, new MachineNames());
        IsLocal = unix;
        Limits = config.Limits;
        Scheme = config.Certificate is null ? "http" : "https";
    }

    public string Name { get; }

    /// <summary>A unix socket: only this machine's users reach it.</summary>
    public bool IsLocal { get; }

    /// <summary>
    /// The name that redirects use where the client did not say how it calls us; looked up when first needed, and not on the caller's thread,
    /// which has other clients: a name server may take its time.
    /// </summary>
    public ValueTask<string> HostNameAsync() => _hostName.IsValueCreated ? new(_hostName.Value) : new(Task.Run(() => _hostName.Value));

    public string Port { get; }

    public BasicAuth? Auth { get; }

    public RequestGuard Guard { get; }

    public HttpLimits Limits { get; }

    /// <summary>Heads that came in by it.</summary>
    public RequestHeadCache Heads { get; } = new();

    /// <summary><c>http</c> or <c>https</c>.</summary>
    public string Scheme { get; }

    private static string LookUp(string address)
    {
        try
        {
            return IPAddress.TryParse(address, out var ip) ? Dns.GetHostEntry(ip).HostName : address;
        }
        catch (SocketException)
        {
            return address;
        }
    }
}
