namespace Supervisor.Ctl.CommandLine;

internal static class UsageText
{
    /// <summary>What <c>-h</c> prints, behind an empty line, with an empty line at the end.</summary>
    public static string Help(string program) => $$"""

        supervisorctl -- look after the programs of a running supervisord.

        Usage: {{program}} [options] [action [arguments]]

        Options:
        -c/--configuration FILENAME -- configuration file path (searches if not given)
        -h/--help -- print usage message and exit
        -i/--interactive -- confirm shutdown and reload, or start the shell
        -s/--serverurl URL -- URL on which supervisord server is listening
             (default "http://localhost:9001").
        -u/--username USERNAME -- username to use for authentication with server
        -p/--password PASSWORD -- password to use for authentication with server
        -r/--history_file FILENAME -- keep the shell's history in this file

        action [arguments] -- see below

        An action is a command such as "tail" or "stop"; "help" lists them all. Without an
        action a shell is started that reads actions line by line.


        """;

    /// <summary>Behind every refused command line or configuration; the exit status is 2.</summary>
    public static string Error(string program, string message) => $"Error: {message}\nFor help, use {program} -h\n";
}
