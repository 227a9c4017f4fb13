using Supervisor.Ctl.Output;
using Supervisor.Ctl.Shell;

namespace Supervisor.Ctl.Commands;

/// <summary><c>help</c> and <c>?</c> (CTL-024).</summary>
internal static class HelpCommand
{
    private const string Header = "default commands (type help <topic>):";
    private const int ScreenWidth = 79;

    public static void Run(Controller ctl, string topic)
    {
        if (topic == "help")
        {
            ctl.Line("help\t\tPrint a list of available actions");
            ctl.Line("help <action>\tPrint help for <action>");
        }
        else if (topic.Length == 0)
        {
            ctl.Line("\n" + Header);
            ctl.Line(new string('=', Header.Length));
            ctl.Line(Columns.Format([.. CommandTable.Listed().Select(c => c.Name)], ScreenWidth));
        }
        else if (CommandTable.Find(topic) is { Listed: true } command)
        {
            command.ShowHelp(ctl);
        }
        else
        {
            ctl.Line($"*** No help on {topic}");
        }
    }

    public static void Show(Controller ctl, string command) => CommandTable.Find(command)?.ShowHelp(ctl);

    /// <summary>True, with the error and the help shown, when something follows a command that takes nothing (CTL-057).</summary>
    public static bool RefusedArguments(Controller ctl, string command, string argument)
    {
        if (argument.Length == 0)
        {
            return false;
        }

        ctl.Fail($"Error: {command} accepts no arguments");
        Show(ctl, command);
        return true;
    }
}
