namespace Supervisor.Core.Configuration.Options;

/// <summary>Rows of <c>[rpcinterface:x]</c> and <c>[ctlplugin:x]</c> (OPT-125..129).</summary>
internal static class PluginOptions
{
    public static readonly Option<string?> RpcInterfaceFactory = new("supervisor.rpcinterface_factory", Types.Text!, null,
        "Must be supervisor.rpcinterface:make_main_rpcinterface, which is built in.")
    {
        IsRequired = true,
    };
    public static readonly Option<string?> CtlFactory = new("supervisor.ctl_factory", Types.Text!, null, "A Python plug-in, which cannot be loaded.")
    {
        IsRequired = true,
    };
}
