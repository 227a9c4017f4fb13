using Supervisor.Ctl.CommandLine;
using Supervisor.Ctl.Commands;
using Supervisor.Testing;

namespace Supervisor.Ctl.Tests.Generated;

/// <summary>supervisorctl(1).</summary>
internal static class Manual
{
    public static string Page()
    {
        var page = new ManPage("supervisorctl", 1, "look after the programs of a running supervisord")
            .Section("SYNOPSIS")
            .Paragraph("supervisorctl [options] [action [arguments]]")
            .Section("DESCRIPTION")
            .Paragraph(
                "Does one action, or without one reads actions line by line in a shell with history and completion. Without options it looks for "
                + "supervisord.conf as supervisord does and takes server, user and password from its [supervisorctl] section.")
            .Section("OPTIONS")
            .Options(UsageText.Help("supervisorctl"))
            .Section("ACTIONS");
        foreach (var command in CommandTable.Listed())
        {
            page.Subsection(command.Name).Verbatim(command.Help);
            foreach (var flag in command.Flags)
            {
                page.Item($"{flag.Name}{(flag.Value.StartsWith('[') || flag.Value.Length == 0 ? "" : " ")}{flag.Value}", flag.Doc);
            }
        }

        return page
            .Subsection("help").Paragraph("help lists the actions, help ACTION explains one.")
            .Section("EXIT STATUS")
            .Item("0", "Everything was done. The shell always ends with 0.")
            .Item("1", "Something failed.")
            .Item("2", "Wrong arguments.")
            .Item("3", "status: a process shown is not running. Otherwise: the server does not offer its methods.")
            .Item("4", "status: unknown name, or no server. Otherwise: the server refuses the connection.")
            .Item("5", "The server speaks another version.")
            .Item("7", "The process is not running, or did not start, or there is no server.")
            .Section("ENVIRONMENT")
            .Item("NO_COLOR", "When set, states are not coloured. They are only coloured on a terminal anyway.")
            .Section("SEE ALSO")
            .Paragraph("supervisord(1), supervisord.conf(5)")
            .Text;
    }
}
