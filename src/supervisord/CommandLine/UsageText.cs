namespace Supervisor.Daemon.CommandLine;

internal static class UsageText
{
    /// <summary>What <c>-h</c> prints (CLI-010).</summary>
    public static string Help(string program) => $"""
        supervisord -- starts programs, watches them and keeps them running.

        Usage: {program} [options]

        Options:
        -c/--configuration FILENAME -- configuration file (searched for if not given)
        -n/--nodaemon -- stay in the foreground (like 'nodaemon=true' in the file)
        -s/--silent -- no log lines on stdout (like 'silent=true' in the file)
        -h/--help -- print this text and exit
        -v/--version -- print the version number and exit
        -u/--user USER -- run as this user (name or numeric uid)
        -m/--umask UMASK -- umask of the daemon (default is 022)
        -d/--directory DIRECTORY -- directory to change into when daemonized
        -l/--logfile FILENAME -- path of the log file
        -y/--logfile_maxbytes BYTES -- size at which the log file rotates
        -z/--logfile_backups NUM -- how many rotated log files to keep
        -e/--loglevel LEVEL -- log level (debug,info,warn,error,critical)
        -j/--pidfile FILENAME -- file that receives the daemon's pid
        -i/--identifier STR -- name of this instance of supervisord
        -q/--childlogdir DIRECTORY -- directory of generated child log files
        -k/--nocleanup -- keep generated child log files of earlier runs
        -a/--minfds NUM -- file descriptors that must be available at start
        -t/--strip_ansi -- remove ANSI escape codes from the programs' output
        --minprocs NUM -- processes that must be available at start
        --profile_options OPTIONS -- accepted for compatibility, without effect
        --dump-config -- print every value of the configuration with its origin and exit
        --dump-config=MODE -- the same as JSON (MODE is strict, lenient or ctl)
        --check [FILE...] -- print all mistakes of configuration files and exit: status 2 if
                             there are any; with --strict 1 for warnings; with --json as JSON
        --hash-password -- read a password from standard input, print it for password=


        """;

    /// <summary>Behind every refused command line or configuration; the exit status is 2.</summary>
    public static string Error(string program, string message) => $"Error: {message}\nFor help, use {program} -h\n";
}
