using Supervisor.Core.Configuration.Expansion;
using Supervisor.Ctl.CommandLine;
using Supervisor.Ctl.Output;
using Supervisor.Ctl.Shell;

namespace Supervisor.Ctl.Commands;

/// <summary>quit, exit, EOF, open and version (CTL-020, CTL-050, CTL-058).</summary>
internal static class ShellCommands
{
    public static void Quit(Controller ctl, string argument)
    {
        ctl.Line("");
        ctl.Quit = true;
    }

    /// <summary>Turns to another server and shows its processes; what that says does not touch the exit status.</summary>
    public static void Open(Controller ctl, string argument)
    {
        var url = PythonText.Strip(argument);
        if (UrlText.Split(url).Scheme is not ("unix" or "http"))
        {
            ctl.Fail("ERROR: url must be http:// or unix://");
            return;
        }

        ctl.Open(url);
        var before = ctl.ExitStatus;
        StatusCommands.Status(ctl, "");
        ctl.ExitStatus = before;
    }

    public static void Version(Controller ctl, string argument)
    {
        if (!HelpCommand.RefusedArguments(ctl, "version", argument) && ctl.UpCheck())
        {
            ctl.Line(ctl.Supervisor.GetSupervisorVersion());
        }
    }
}
