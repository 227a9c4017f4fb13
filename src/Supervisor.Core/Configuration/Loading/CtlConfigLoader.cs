using Supervisor.Core.Configuration.Expansion;
using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Configuration.Options;
using Supervisor.Core.Ports;

namespace Supervisor.Core.Configuration.Loading;

/// <summary>What supervisorctl takes from the file (OPT-070, OPT-071).</summary>
public sealed record CtlConfig
{
    public string ServerUrl { get; init; } = "http://localhost:9001";
    public string? Username { get; init; }
    public string? Password { get; init; }
    public string Prompt { get; init; } = "supervisor";
    public string? HistoryFile { get; init; }
    public IReadOnlyList<RpcInterfaceConfig> Plugins { get; init; } = [];
}

/// <summary>Reads <c>[supervisorctl]</c> of the main file; <c>[include]</c> does not count (CFG-043).</summary>
public static class CtlConfigLoader
{
    /// <param name="host">The machine.</param>
    /// <param name="configFile">As given with <c>-c</c>; null searches and is content with finding nothing (CFG-002).</param>
    /// <param name="argv0">The program name, which the search is relative to.</param>
    /// <exception cref="ConfigException">The file is missing, unreadable, ill-formed or lacks the section.</exception>
    public static CtlConfig Load(IConfigHost host, string? configFile, string argv0)
    {
        var file = configFile ?? ConfigSearch.Find(host, argv0);
        if (file is null)
        {
            return new CtlConfig();
        }

        var load = LoadContext.Open(host, file, lenient: false);
        if (!load.Document.Has("supervisorctl"))
        {
            throw new ConfigException(".ini file does not include supervisorctl section");
        }

        var here = load.Section("supervisorctl", load.CommonScope());
        var plain = load.Section("supervisorctl", load.Environment);
        var serverUrl = here.Get(CtlOptions.ServerUrl);
        if (serverUrl.StartsWith("unix://", StringComparison.Ordinal))
        {
            serverUrl = "unix://" + load.Machine.NormalizePath(serverUrl["unix://".Length..]);
        }

        var prompt = plain.Get(CtlOptions.Prompt);
        var username = plain.Get(CtlOptions.UserName);
        var password = plain.Get(CtlOptions.Password);
        var history = here.Get(CtlOptions.HistoryFile);
        return new CtlConfig
        {
            ServerUrl = serverUrl,
            Prompt = prompt,
            Username = username,
            Password = password,
            HistoryFile = string.IsNullOrEmpty(history) ? null : load.Machine.NormalizePath(history),
            Plugins = PluginSections.ReadCtlPlugins(load),
        };
    }
}
