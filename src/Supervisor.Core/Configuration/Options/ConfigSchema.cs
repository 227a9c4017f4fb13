namespace Supervisor.Core.Configuration.Options;

/// <summary>Every section and option that a configuration can have. The sample, the reference and <c>--check</c> are made from it.</summary>
internal static class ConfigSchema
{
    private static readonly SchemaEntry[] s_accounts =
    [
        Off(HttpServerOptions.UserName, "user"),
        Off(HttpServerOptions.Password, "123"),
    ];

    private static readonly SchemaEntry[] s_hardening = [.. HttpHardeningOptions.Rows.Select(Hidden)];

    // stdout, then stderr, as they follow each other in a program; a listener's sample leaves capture mode out.
    private static SchemaEntry[] Channels(bool capture) =>
    [
        .. new[] { ProgramOptions.Stdout, ProgramOptions.Stderr }.SelectMany(channel => new[]
        {
            Off(channel.LogFile, "/a/path"),
            Off(channel.MaxBytes, "1MB"),
            Off(channel.Backups, "10"),
            capture ? Off(channel.CaptureMaxBytes, "1MB") : Hidden(channel.CaptureMaxBytes),
            Off(channel.EventsEnabled, "false"),
            Off(channel.Syslog, "false"),
        }),
    ];

    private static SchemaEntry[] Running(OptionRow priority, string redirectStderr) =>
    [
        Off(ProgramOptions.Directory, "/tmp"),
        Off(ProgramOptions.Umask, "022"),
        Off(priority, priority.DefaultText!),
        Off(ProgramOptions.AutoStart, "true"),
        Off(ProgramOptions.StartSecs, "1"),
        Off(ProgramOptions.StartRetries, "3"),
        Off(ProgramOptions.AutoRestart, "unexpected"),
        Off(ProgramOptions.ExitCodes, "0"),
        Off(ProgramOptions.StopSignal, "QUIT"),
        Off(ProgramOptions.StopWaitSecs, "10"),
        Off(ProgramOptions.StopAsGroup, "false"),
        Off(ProgramOptions.KillAsGroup, "false"),
        Off(ProgramOptions.User, "chrism"),
        Off(ProgramOptions.RedirectStderr, redirectStderr),
    ];

    private static readonly SchemaEntry[] s_name =
    [
        Off(ProgramOptions.ProcessName, "%(program_name)s"),
        Off(ProgramOptions.NumProcs, "1"),
        Hidden(ProgramOptions.NumProcsStart),
    ];

    private static readonly SchemaEntry[] s_surroundings =
    [
        Off(ProgramOptions.Environment, "A=\"1\",B=\"2\""),
        Off(ProgramOptions.ServerUrl, "AUTO"),
    ];

    private static readonly SchemaEntry[] s_program =
    [
        Off(ProgramOptions.Command, "/bin/cat"), .. s_name, .. Running(ProgramOptions.Priority, "true"), .. Channels(capture: true), .. s_surroundings,
    ];

    /// <summary>In the order of the sample.</summary>
    public static IReadOnlyList<SectionSchema> Sections { get; } =
    [
        new("unix_http_server", true, "unix_http_server", true, ["Where supervisorctl and the other local clients come in."],
            [On(HttpServerOptions.File, "/tmp/supervisor.sock"), Off(HttpServerOptions.Mode, "0700"), Off(HttpServerOptions.Owner, "nobody:nogroup"), .. s_accounts, .. s_hardening]),
        new("inet_http_server", true, "inet_http_server", false,
            ["HTTP over TCP, off by default. It is not encrypted: keep it on loopback or a network you trust,", "and give it a user name and a password."],
            [Off(HttpServerOptions.Port, "127.0.0.1:9001"), .. s_accounts, .. s_hardening]),
        new("supervisord", false, "supervisord", true, ["The daemon itself."],
        [
            On(SupervisordOptions.LogFile, "/tmp/supervisord.log"), On(SupervisordOptions.LogFileMaxBytes, "50MB"),
            On(SupervisordOptions.LogFileBackups, "10"), On(SupervisordOptions.LogLevel, "info"), On(SupervisordOptions.PidFile, "/tmp/supervisord.pid"),
            On(SupervisordOptions.NoDaemon, "false"), On(SupervisordOptions.Silent, "false"), On(SupervisordOptions.MinFds, "1024"),
            On(SupervisordOptions.MinProcs, "200"), Off(SupervisordOptions.Umask, "022"), Off(SupervisordOptions.User, "supervisord"),
            Off(SupervisordOptions.Identifier, "supervisor"), Off(SupervisordOptions.Directory, "/tmp"), Off(SupervisordOptions.NoCleanup, "true"),
            Off(SupervisordOptions.ChildLogDir, "/tmp"), Off(SupervisordOptions.Environment, "KEY=\"value\""), Off(SupervisordOptions.StripAnsi, "false"),
        ]),
        new("rpcinterface:", true, "rpcinterface:supervisor", true, ["supervisorctl and the web page need this section."],
            [On(PluginOptions.RpcInterfaceFactory, "supervisor.rpcinterface:make_main_rpcinterface")]) { IsOpen = true },
        new("supervisorctl", false, "supervisorctl", true, ["How supervisorctl finds the daemon."],
        [
            On(CtlOptions.ServerUrl, "unix:///tmp/supervisor.sock"), Off(CtlOptions.ServerUrl, "http://127.0.0.1:9001"), Off(CtlOptions.UserName, "chris"),
            Off(CtlOptions.Password, "123"), Off(CtlOptions.Prompt, "mysupervisor"), Off(CtlOptions.HistoryFile, "~/.sc_history"),
        ]),
        new("program:", true, "program:theprogramname", false,
            ["A program, with every option there is. Copy it, give it a name, take the semicolons away."], s_program),
        new("fcgi-program:", true, null, false, ["A program that serves FastCGI on a socket that the daemon opens."],
            [Hidden(FcgiOptions.Socket), Hidden(FcgiOptions.Backlog), Hidden(FcgiOptions.Owner), Hidden(FcgiOptions.Mode), .. s_program]),
        new("eventlistener:", true, "eventlistener:theeventlistenername", false, ["A program that is told what happens."],
        [
            Off(ProgramOptions.Command, "/bin/eventlistener"), .. s_name, Off(ListenerOptions.Events, "EVENT"), Off(ListenerOptions.BufferSize, "10"),
            Hidden(ListenerOptions.ResultHandler), .. Running(ListenerOptions.Priority, "false"), .. Channels(capture: false), .. s_surroundings,
        ]),
        new("group:", true, "group:thegroupname", false, ["Several programs as one group."],
            [Off(GroupOptions.Programs, "progname1,progname2"), Off(ProgramOptions.Priority, "999")]),
        new("include", false, "include", false, ["More files, read as if they stood here."], [Off(IncludeOptions.Files, "relative/directory/*.ini")]),
        new("ctlplugin:", true, null, false, ["A command of supervisorctl written in Python; refused."], [Hidden(PluginOptions.CtlFactory)]) { IsOpen = true },
    ];

    public static SectionSchema? Find(string section) => Sections.FirstOrDefault(s => s.Matches(section));

    private static SchemaEntry On(OptionRow row, string sample) => new(row, sample, true);

    private static SchemaEntry Off(OptionRow row, string sample) => new(row, sample);

    private static SchemaEntry Hidden(OptionRow row) => new(row);
}
