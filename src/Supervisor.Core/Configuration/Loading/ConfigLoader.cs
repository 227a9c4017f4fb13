using Supervisor.Core.Configuration.Expansion;
using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Configuration.Options;
using Supervisor.Core.Ports;

namespace Supervisor.Core.Configuration.Loading;

/// <summary>
/// Reads a configuration as Python Supervisor does, in the same order: the first mistake is the one that is told (CFG, OPT).
/// </summary>
public sealed class ConfigLoader(IConfigHost host)
{
    /// <exception cref="ConfigException">Python Supervisor would refuse it; the text is its text.</exception>
    public DaemonConfig Load(ConfigRequest request) => Read(Open(request, checking: false), request);

    /// <exception cref="ConfigException">There is no file, or it cannot be read.</exception>
    internal LoadContext Open(ConfigRequest request, bool checking)
    {
        var file = request.ConfigFile ?? ConfigSearch.Find(host, request.Argv0)
            ?? throw new ConfigException(
                $"No config file found at default paths ({string.Join(", ", ConfigSearch.Places(request.Argv0))}); " +
                "use the -c option to specify a config file at a different path");
        return LoadContext.Open(host, file, request.Lenient, checking);
    }

    internal static DaemonConfig Read(LoadContext load, ConfigRequest request)
    {
        IncludeReader.Read(load);
        if (!load.Document.Has("supervisord"))
        {
            throw new ConfigException(".ini file does not include supervisord section");
        }

        var supervisord = SupervisordSection.Read(load);
        foreach (var (name, value) in supervisord.Environment)
        {
            load.Environment.Set("ENV_" + name, value);
        }

        var rpcInterfaces = PluginSections.ReadRpcInterfaces(load);
        var groups = GroupSections.Read(load, supervisord.Environment);
        var servers = HttpServerSections.Read(load);
        NoteSecretsOfClients(load);
        return new DaemonConfig
        {
            ConfigFile = PosixPath.Absolute(load.File, load.Host.WorkingDirectory),
            Supervisord = CommandLineOverlay.Apply(supervisord, request, load.Machine) with
            {
                ServerUrl = ServerUrl(servers),
                SecretVariables = load.Secrets.Names,
            },
            HttpServers = servers,
            RpcInterfaces = rpcInterfaces,
            Groups = groups,
            Warnings = load.Warnings,
            Infos = load.Infos,
        };
    }

    // The same login, as a rule, in the same file.
    private static void NoteSecretsOfClients(LoadContext load)
    {
        foreach (var option in new[] { HttpServerOptions.UserName.Name, HttpServerOptions.Password.Name })
        {
            if (load.Document.Get("supervisorctl", option)?.Text is { } text)
            {
                load.Secrets.Note(text);
            }
        }
    }

    // SPN-029: the first unix server; of several inet servers the last one stays, as upstream's loop leaves it.
    private static string? ServerUrl(IReadOnlyList<HttpServerConfig> servers)
    {
        if (servers.FirstOrDefault(s => s.Family == HttpServerFamily.Unix) is { } unix)
        {
            return "unix://" + unix.File;
        }

        return servers.LastOrDefault(s => s.Family == HttpServerFamily.Inet) is { } inet
            ? $"{(inet.Certificate is null ? "http" : "https")}://{(inet.Host.Length == 0 ? "localhost" : inet.Host)}:{inet.Port}"
            : null;
    }
}
