using Supervisor.Core.Configuration.Loading;
using Supervisor.Core.Ports;
using Supervisor.Unix;

namespace Supervisor.Daemon.CommandLine;

/// <summary>Root without <c>-c</c> is told that a file in the working directory could win (CFG-003).</summary>
internal static class RootSearchWarning
{
    public static void Write(ConfigRequest request, IConfigHost machine)
    {
        if (request.ConfigFile is null && machine.Uid == 0)
        {
            StandardStreams.Write(
                StandardStreams.Error,
                $"{request.Argv0}: UserWarning: Supervisord is running as root and it is searching for its configuration file in default " +
                "locations (including its current working directory); you probably want to specify a \"-c\" argument specifying an " +
                "absolute path to a configuration file for improved security.\n");
        }
    }
}
