using Supervisor.Core.Configuration.Loading;
using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Configuration.Options;

namespace Supervisor.Core.Configuration.Checking;

/// <summary>Servers and RPC interfaces that cannot work together, or are open to more people than it looks.</summary>
internal static class ServerLint
{
    public static void Check(LoadContext load, DaemonConfig config)
    {
        var findings = load.Findings!;
        foreach (var twins in config.HttpServers.Where(s => s.Port > 0 || s.File is not null)
            .GroupBy(s => s.File ?? $"{s.Host}:{s.Port}").Where(g => g.Count() > 1))
        {
            var later = twins.Last();
            findings.Error($"{twins.Key} is taken by [{twins.First().Section}] already",
                later.Section, later.File is null ? HttpServerOptions.Port.Name : HttpServerOptions.File.Name);
        }

        foreach (var server in config.HttpServers.Where(s => s.Family == HttpServerFamily.Inet && s.Username is null && s.Port > 0))
        {
            if (server.Host is not ("localhost" or "::1" or "[::1]") && !server.Host.StartsWith("127.", StringComparison.Ordinal))
            {
                findings.Warning("anybody who reaches this port can run commands as the daemon's user: no username and password are set",
                    server.Section, HttpServerOptions.Port.Name);
            }
        }

        foreach (var server in config.HttpServers)
        {
            CheckLogin(load, server);
        }

        foreach (var plugin in config.RpcInterfaces.Where(p => p.HasOwnExtras))
        {
            findings.Error($"Could not make {plugin.Name} rpc interface: it takes no further options", "rpcinterface:" + plugin.Name);
        }

        if (config.HttpServers.Count > 0 && !config.RpcInterfaces.Any(p => p.Name == "supervisor"))
        {
            findings.Warning("there is no [rpcinterface:supervisor] section: supervisorctl and the buttons of the web page will not work", "supervisord");
        }
    }

    private static void CheckLogin(LoadContext load, HttpServerConfig server)
    {
        var findings = load.Findings!;
        // A file without a password is reported already.
        var isTold = server.FilePassword is null && load.Document.Get(server.Section, HttpHardeningOptions.PasswordFile.Name) is not null;
        if (!isTold && WeakCredentials.Of(server) is { } problem)
        {
            var option = string.IsNullOrWhiteSpace(server.Username) ? HttpServerOptions.UserName.Name
                : server.FilePassword is null ? HttpServerOptions.Password.Name
                : HttpHardeningOptions.PasswordFile.Name;
            findings.Error(problem, server.Section, option);
        }

        var hosts = load.Document.Get(server.Section, HttpHardeningOptions.AllowedHosts.Name)?.Text is null
            ? []
            : load.Section(server.Section, load.Environment).Get(HttpHardeningOptions.AllowedHosts);
        foreach (var host in hosts.Where(h => h.Length == 0 || h.AsSpan().ContainsAny("/* ")))
        {
            findings.Warning(
                host.Length == 0 ? "allowed_hosts has an empty entry, which allows nothing" : $"{host} in allowed_hosts is no host name, and allows nothing",
                server.Section, HttpHardeningOptions.AllowedHosts.Name);
        }
    }
}
