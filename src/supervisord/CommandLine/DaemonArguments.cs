using Supervisor.Core.CommandLine;
using Supervisor.Core.Configuration;
using Supervisor.Core.Configuration.Expansion;
using Supervisor.Core.Configuration.Loading;
using Supervisor.Core.Configuration.Options;

namespace Supervisor.Daemon.CommandLine;

/// <summary>What the command line asks for.</summary>
internal enum DaemonAction
{
    Run,
    Help,
    Version,
    DumpConfig,
}

/// <summary>supervisord's command line (CLI-001..011).</summary>
internal sealed class DaemonArguments
{
    private const string ShortOptions = "h?c:vnu:m:d:l:y:z:e:j:i:q:a:kts";

    private static readonly string[] s_longOptions =
    [
        "help", "configuration=", "version", "nodaemon", "user=", "umask=", "directory=", "logfile=", "logfile_maxbytes=", "logfile_backups=",
        "loglevel=", "pidfile=", "identifier=", "childlogdir=", "minfds=", "minprocs=", "nocleanup", "strip_ansi", "profile_options=",
        "silent",
    ];

    // One name for the two spellings: repeating an option is refused in whatever spelling (CLI-003).
    private static readonly Dictionary<string, string> s_names = new(StringComparer.Ordinal)
    {
        ["-c"] = "configuration",
        ["-n"] = "nodaemon",
        ["-u"] = "user",
        ["-m"] = "umask",
        ["-d"] = "directory",
        ["-l"] = "logfile",
        ["-y"] = "logfile_maxbytes",
        ["-z"] = "logfile_backups",
        ["-e"] = "loglevel",
        ["-j"] = "pidfile",
        ["-i"] = "identifier",
        ["-q"] = "childlogdir",
        ["-a"] = "minfds",
        ["-k"] = "nocleanup",
        ["-t"] = "strip_ansi",
        ["-s"] = "silent",
    };

    private DaemonArguments(DaemonAction action, ConfigRequest request)
    {
        Action = action;
        Request = request;
    }

    public DaemonAction Action { get; }

    public ConfigRequest Request { get; }

    /// <summary><c>strict</c>, <c>lenient</c> or <c>ctl</c> of <c>--dump-config=MODE</c>; empty for the form for people.</summary>
    public string? DumpMode { get; private init; }

    /// <summary>A quick look: false when something else than the daemon is certainly asked for.</summary>
    public static bool WantsDaemon(IReadOnlyList<string> args) =>
        !args.Any(a => a is "-h" or "-?" or "--help" or "-v" or "--version" || IsDumpOption(a)) && !CheckArguments.IsAskedFor(args) && !HashPasswordCommand.IsAskedFor(args);

    /// <exception cref="UsageException">With Python Supervisor's text.</exception>
    public static DaemonArguments Parse(IReadOnlyList<string> args, string argv0, MachineDatatypes machine)
    {
        var plain = args.Where(a => !IsDumpOption(a)).ToArray();
        var dump = args.LastOrDefault(IsDumpOption);
        var (options, remaining) = GetOpt.Parse(plain, ShortOptions, s_longOptions);
        if (remaining.Length > 0)
        {
            throw new UsageException($"positional arguments are not supported: {PythonRepr.OfList(remaining)}");
        }

        var request = new ConfigRequest { Argv0 = argv0 };
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (option, value) in options)
        {
            switch (option)
            {
                case "-h" or "-?" or "--help":
                    return new DaemonArguments(DaemonAction.Help, request);
                case "-v" or "--version":
                    return new DaemonArguments(DaemonAction.Version, request);
            }

            var name = s_names.GetValueOrDefault(option) ?? option[2..];
            request = Set(request, option, name, value, machine);
            if (!seen.Add(name))
            {
                throw new UsageException($"conflicting command line option {PythonRepr.Of(option)}");
            }
        }

        return dump is null
            ? new DaemonArguments(DaemonAction.Run, request)
            : new DaemonArguments(DaemonAction.DumpConfig, request)
            {
                DumpMode = dump.Contains('=') ? dump[(dump.IndexOf('=') + 1)..] : "",
            };
    }

    // No option of Python Supervisor begins like this, so none of its abbreviations is taken away.
    private static bool IsDumpOption(string argument) =>
        argument == "--dump-config" || argument.StartsWith("--dump-config=", StringComparison.Ordinal);

    private static ConfigRequest Set(ConfigRequest request, string option, string name, string value, MachineDatatypes machine)
    {
        try
        {
            return name switch
            {
                "configuration" => request with { ConfigFile = value },
                "nodaemon" => request with { NoDaemon = true },
                "silent" => request with { Silent = true },
                "nocleanup" => request with { NoCleanup = true },
                "strip_ansi" => request with { StripAnsi = true },
                "user" => request with { User = value },
                "umask" => request with { Umask = Datatypes.Octal(value) },
                "directory" => request with { Directory = machine.ExistingDirectory(value) },
                "logfile" => request with { LogFile = machine.ExistingParent(value) },
                "logfile_maxbytes" => request with { LogFileMaxBytes = Datatypes.ByteSize(value) },
                "logfile_backups" => request with { LogFileBackups = Datatypes.Integer(value) },
                "loglevel" => request with { LogLevel = Datatypes.LogLevel(value) },
                "pidfile" => request with { PidFile = machine.ExistingParent(value) },
                "identifier" => request with { Identifier = value },
                "childlogdir" => request with { ChildLogDir = machine.ExistingDirectory(value) },
                "minfds" => request with { MinFds = Datatypes.Integer(value) },
                "minprocs" => request with { MinProcs = Datatypes.Integer(value) },
                // Python's profiler does not exist here; accepted so that scripts go on (CLI-011).
                _ => request,
            };
        }
        catch (ConfigException e)
        {
            throw new UsageException($"invalid value for {option} {PythonRepr.Of(value)}: {e.Message}");
        }
    }
}
