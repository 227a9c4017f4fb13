using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Configuration.Options;

namespace Supervisor.Core.Configuration.Loading;

/// <summary>Puts the command line over the file (CLI-007) and settles what depends on both: the user and absolute paths.</summary>
internal static class CommandLineOverlay
{
    public static SupervisordConfig Apply(SupervisordConfig file, ConfigRequest request, MachineDatatypes machine)
    {
        // An empty text, like 0 where upstream treats it as unset, falls back to the file.
        var user = request.User ?? file.User;
        var identity = user is null ? default : machine.User(user);
        var logFile = request.LogFile ?? file.LogFile;
        return file with
        {
            NoDaemon = request.NoDaemon || file.NoDaemon,
            Silent = request.Silent || file.Silent,
            NoCleanup = request.NoCleanup || file.NoCleanup,
            StripAnsi = request.StripAnsi || file.StripAnsi,
            User = user,
            Uid = identity.Number,
            UnresolvedUser = identity.Name,
            Umask = request.Umask ?? file.Umask,
            Directory = request.Directory ?? file.Directory,
            LogFile = logFile == "syslog" ? logFile : machine.NormalizePath(logFile),
            LogFileMaxBytes = request.LogFileMaxBytes ?? file.LogFileMaxBytes,
            LogFileBackups = request.LogFileBackups ?? file.LogFileBackups,
            LogLevel = request.LogLevel ?? file.LogLevel,
            PidFile = machine.NormalizePath(request.PidFile ?? file.PidFile),
            Identifier = request.Identifier ?? file.Identifier,
            ChildLogDir = request.ChildLogDir ?? file.ChildLogDir,
            MinFds = request.MinFds ?? file.MinFds,
            MinProcs = request.MinProcs ?? file.MinProcs,
        };
    }
}
