using System.Text;
using Supervisor.Core.CommandLine;
using Supervisor.Core.Configuration.Loading;
using Supervisor.Core.Configuration.Writers;
using Supervisor.Core.Ports;
using Supervisor.Unix;

namespace Supervisor.Daemon.CommandLine;

/// <summary><c>--dump-config[=MODE]</c>: says what the configuration means, touches nothing.</summary>
internal static class DumpConfigCommand
{
    public static void Run(DaemonArguments arguments, IConfigHost host)
    {
        var document = arguments.DumpMode switch
        {
            "" => Encoding.UTF8.GetBytes(ConfigListing.Write(host, arguments.Request)),
            "strict" => ConfigDump.Write(new ConfigLoader(host).Load(arguments.Request)),
            "lenient" => ConfigDump.Write(new ConfigLoader(host).Load(arguments.Request with { Lenient = true })),
            "ctl" => ConfigDump.Write(CtlConfigLoader.Load(host, arguments.Request.ConfigFile, arguments.Request.Argv0)),
            _ => throw new UsageException($"invalid value for --dump-config '{arguments.DumpMode}': strict, lenient or ctl expected"),
        };
        StandardStreams.Write(StandardStreams.Output, document);
    }
}
