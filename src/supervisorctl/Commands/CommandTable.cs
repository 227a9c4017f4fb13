namespace Supervisor.Ctl.Commands;

/// <summary>Every command, in the order in which <c>help</c> lists them.</summary>
internal static class CommandTable
{
    private static readonly CtlFlag Timeout = new(
        "--timeout", "SECONDS", "Wait until the processes run, through failed attempts too, but no longer than this; status 7 for those that do not.");

    private static readonly CtlFlag Json = new("--json", "", "An array with one object for each process; times are seconds since 1970.");

    private static readonly CtlFlag Watch = new("--watch", "[=SECONDS]", "Show it again every two seconds, or as often as given, until Ctrl-C.");

    private static readonly CtlCommand[] Rows =
    [
        new("add", "add <name> [...]\tActivates any updates in config for process/group", GroupCommands.Add)
        {
            Takes = Argument.Group,
        },
        new("avail", "avail\t\t\tDisplay all configured processes", ConfigCommands.Avail),
        new("clear",
            "clear <name>\t\tClear a process' log files.\n"
            + "clear <name> <name>\tClear multiple process' log files\n"
            + "clear all\t\tClear all process' log files", ProcessCommands.Clear)
        {
            Takes = Argument.Process,
        },
        new("exit", "exit\tExit the supervisor shell.", ShellCommands.Quit),
        new("fg", "fg <process>\tConnect to a process in foreground mode\n\t\tCtrl-C to exit", ForegroundCommand.Run)
        {
            Takes = Argument.Process,
        },
        new("maintail",
            "maintail -f \tContinuous tail of supervisor main log file (Ctrl-C to exit)\n"
            + "maintail -100\tlast 100 *bytes* of supervisord main log file\n"
            + "maintail\tlast 1600 *bytes* of supervisor main log file\n", LogCommands.MainTail),
        new("open",
            "open <url>\tConnect to a remote supervisord process.\n"
            + "\t\t(for UNIX domain socket, use unix:///socket/path)", ShellCommands.Open),
        new("pid",
            "pid\t\t\tGet the PID of supervisord.\n"
            + "pid <name>\t\tGet the PID of a single child process by name.\n"
            + "pid all\t\t\tGet the PID of every child process, one per line.", StatusCommands.Pid)
        {
            Takes = Argument.Process,
        },
        new("quit", "quit\tExit the supervisor shell.", ShellCommands.Quit),
        new("reload", "reload \t\tRestart the remote supervisord.", DaemonCommands.Reload),
        new("remove", "remove <name> [...]\tRemoves process/group from active config", GroupCommands.Remove)
        {
            Takes = Argument.Group,
        },
        new("reread", "reread \t\t\tReload the daemon's configuration files without add/remove", ConfigCommands.Reread),
        new("restart",
            "restart <name>\t\tRestart a process\n"
            + "restart <gname>:*\tRestart all processes in a group\n"
            + "restart <name> <name>\tRestart multiple processes or groups\n"
            + "restart all\t\tRestart all processes\n"
            + "Note: restart does not reread config files. For that, see reread and update.", ProcessCommands.Restart)
        {
            Takes = Argument.Process,
            Flags = [Timeout],
        },
        new("shutdown", "shutdown \tShut the remote supervisord down.", DaemonCommands.Shutdown),
        new("signal",
            "signal <signal name> <name>\t\tSignal a process\n"
            + "signal <signal name> <gname>:*\t\tSignal all processes in a group\n"
            + "signal <signal name> <name> <name>\tSignal multiple processes or groups\n"
            + "signal <signal name> all\t\tSignal all processes", ProcessCommands.Signal)
        {
            Takes = Argument.Process,
        },
        new("start",
            "start <name>\t\tStart a process\n"
            + "start <gname>:*\t\tStart all processes in a group\n"
            + "start <name> <name>\tStart multiple processes or groups\n"
            + "start all\t\tStart all processes", ProcessCommands.Start)
        {
            Takes = Argument.Process,
            Flags = [Timeout],
        },
        new("status",
            "status <name>\t\tGet status for a single process\n"
            + "status <gname>:*\tGet status for all processes in a group\n"
            + "status <name> <name>\tGet status for multiple named processes\n"
            + "status\t\t\tGet all process status info", StatusCommands.Status)
        {
            Takes = Argument.Process,
            Flags = [Json, Watch],
        },
        new("stop",
            "stop <name>\t\tStop a process\n"
            + "stop <gname>:*\t\tStop all processes in a group\n"
            + "stop <name> <name>\tStop multiple processes or groups\n"
            + "stop all\t\tStop all processes", ProcessCommands.Stop)
        {
            Takes = Argument.Process,
        },
        new("tail",
            "tail [-f] <name> [stdout|stderr] (default stdout)\n"
            + "Ex:\n"
            + "tail -f <name>\t\tContinuous tail of named process stdout\n"
            + "\t\t\tCtrl-C to exit.\n"
            + "tail -100 <name>\tlast 100 *bytes* of process stdout\n"
            + "tail <name> stderr\tlast 1600 *bytes* of process stderr", LogCommands.Tail)
        {
            Takes = Argument.Process,
        },
        new("update",
            "update\t\t\tReload config and add/remove as necessary, and will restart affected programs\n"
            + "update all\t\tReload config and add/remove as necessary, and will restart affected programs\n"
            + "update <gname> [...]\tUpdate specific groups", UpdateCommand.Run)
        {
            Takes = Argument.Group,
        },
        new("version", "version\t\t\tShow the version of the remote supervisord process", ShellCommands.Version),
        new("help", "", HelpCommand.Run)
        {
            Takes = Argument.Command,
        },
        new("EOF", "", ShellCommands.Quit),
    ];

    /// <summary>Command words for completion.</summary>
    public static IReadOnlyList<string> Names { get; } = ["help", .. Listed().Select(r => r.Name)];

    public static IEnumerable<CtlCommand> Listed() => Rows.Where(r => r.Listed);

    public static CtlCommand? Find(string name) => Array.Find(Rows, r => r.Name == name);
}
