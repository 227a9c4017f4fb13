using Supervisor.Core.Configuration.Expansion;
using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Configuration.Options;

namespace Supervisor.Core.Configuration.Loading;

/// <summary>
/// <c>[rpcinterface:x]</c> and <c>[ctlplugin:x]</c> (OPT-125..129): the stock factory is built in, Python code cannot be loaded.
/// </summary>
internal static class PluginSections
{
    public const string StockRpcInterface = "supervisor.rpcinterface:make_main_rpcinterface";

    public static IReadOnlyList<RpcInterfaceConfig> ReadRpcInterfaces(LoadContext load)
    {
        return [.. load.ReadEach(load.SectionsWith("rpcinterface:"), section =>
        {
            var plugin = Read(load, section, PluginOptions.RpcInterfaceFactory);
            if (!load.Machine.Lenient && plugin.Factory != StockRpcInterface)
            {
                load.Refuse(
                    $"{plugin.Factory} cannot be resolved within [{section}]: Python RPC interfaces cannot be loaded, only " +
                    $"{StockRpcInterface} is built in; remove the section",
                    section, PluginOptions.RpcInterfaceFactory.Name);
            }

            return plugin;
        })];
    }

    /// <summary>Refuses every one with the text of a machine that has not got the plug-in: none can be loaded.</summary>
    public static IReadOnlyList<RpcInterfaceConfig> ReadCtlPlugins(LoadContext load) =>
        [.. load.ReadEach(load.SectionsWith("ctlplugin:"), section =>
        {
            var plugin = Read(load, section, PluginOptions.CtlFactory);
            if (!load.Machine.Lenient)
            {
                var package = plugin.Factory.Split(':')[0].Split('.')[0];
                load.Refuse($"{plugin.Factory} cannot be resolved within [{section}]: No module named {PythonRepr.Of(package)}",
                    section, PluginOptions.CtlFactory.Name);
            }

            return plugin;
        })];

    private static RpcInterfaceConfig Read(LoadContext load, string section, Option<string?> factoryRow)
    {
        var factoryKey = factoryRow.Name;
        var reader = load.Section(section, load.Environment);
        var factory = reader.Get(factoryRow)
            ?? throw new ConfigException($"section [{section}] does not specify a {factoryKey}");
        var extras = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var option in load.Document.OptionNames(section).Where(o => o != factoryKey))
        {
            extras[option] = reader.Text(option)!;
        }

        return new RpcInterfaceConfig
        {
            Name = LoadContext.Suffix(section),
            Factory = factory,
            Extras = extras,
            HasOwnExtras = load.Document.Find(section)!.Options.Any(o => o.Key != factoryKey),
        };
    }
}
