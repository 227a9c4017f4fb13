using System.Globalization;
using System.Text;
using Supervisor.Core;
using Supervisor.Core.Processes;
using Supervisor.Rpc.Contract;
using Supervisor.Server.Rpc;

namespace Supervisor.Server.Web;

/// <summary>The page of all processes (HTTP-050..053), with the ids, classes and links that people's scripts look for.</summary>
internal static class StatusPage
{
    /// <param name="processes">The rows, in order.</param>
    /// <param name="message">What the last action ended in.</param>
    /// <param name="year">For the footer.</param>
    /// <param name="restarting">Names of those in EXITED that are about to be started again: they can be stopped.</param>
    public static string Render(IReadOnlyList<ProcessInfo> processes, string? message, int year, IReadOnlySet<string>? restarting = null)
    {
        var page = new StringBuilder();
        page.Append("""
            <!DOCTYPE html>
            <html lang="en">
            <head>
              <meta charset="utf-8" />
              <meta name="viewport" content="width=device-width, initial-scale=1" />
              <title>Supervisor Status</title>
              <link href="stylesheets/supervisor.css" rel="stylesheet" type="text/css" />
              <link href="images/icon.png" rel="icon" type="image/png" />
              <script src="scripts/theme.js"></script>
              <script type="module" src="scripts/status.js"></script>
            </head>
            <body>
            <div id="wrapper">
              <div id="header" role="banner">
                <img src="images/mark.svg" alt="" width="30" height="30" />
                <h1>Supervisor status</h1>
              </div>
              <div role="main">

            """);
        page.Append(message is null
            ? "    <div class=\"hidden\"></div>\n"
            : $"    <div class=\"status_msg\">{Html.EscapeText(message)}</div>\n");
        page.Append("""
                <form action="index.html" method="post">
                  <ul id="buttons" class="clr">
                    <li class="action-button"><a href="index.html?action=refresh">Refresh</a></li>
                    <li class="action-button"><a href="index.html?action=restartall">Restart All</a></li>
                    <li class="action-button"><a href="index.html?action=stopall">Stop All</a></li>
                  </ul>

            """);
        AppendTable(page, processes, restarting);
        page.Append(CultureInfo.InvariantCulture, $"""
                </form>
              </div>
              <div class="push"></div>
            </div>
            <div id="footer" class="clr" role="contentinfo">
              <div class="left"><a href="http://supervisord.org">Supervisor</a> <span>{ReferenceVersion.Text}</span></div>
              <div class="right">2006-<span>{year}</span> <strong>Supervisor.Net</strong></div>
            </div>
            </body>
            </html>

            """);
        return page.ToString();
    }

    private static void AppendTable(StringBuilder page, IReadOnlyList<ProcessInfo> processes, IReadOnlySet<string>? restarting)
    {
        if (processes.Count == 0)
        {
            page.Append("No programs to manage");
            return;
        }

        page.Append("""
                  <table cellspacing="0">
                    <thead>
                    <tr>
                      <th class="state">State</th>
                      <th class="desc">Description</th>
                      <th class="name">Name</th>
                      <th class="action">Action</th>
                    </tr>
                    </thead>
                    <tbody>

            """);
        for (var i = 0; i < processes.Count; i++)
        {
            var stoppable = restarting?.Contains(Namespec.Make(processes[i].Group, processes[i].Name)) == true;
            AppendRow(page, processes[i], shaded: i % 2 == 1, stoppable);
        }

        page.Append("        </tbody>\n      </table>\n");
    }

    private static void AppendRow(StringBuilder page, ProcessInfo process, bool shaded, bool restarting)
    {
        var state = (ProcessState)process.State;
        var name = Namespec.Make(process.Group, process.Name);
        var css = state switch
        {
            ProcessState.Running => "statusrunning",
            ProcessState.Fatal or ProcessState.Backoff => "statuserror",
            _ => "statusnominal",
        };
        page.Append(CultureInfo.InvariantCulture, $"""
                      <tr class="{(shaded ? "shade" : "")}">
                        <td class="status"><span class="{css}">{process.StateName.ToLowerInvariant()}</span></td>
                        <td><span>{Html.Escape(process.Description)}</span></td>
                        <td><a href="tail.html?processname={UrlForm.Quote(name)}" target="_blank">{Html.Escape(name)}</a></td>
                        <td class="action">
                          <ul>

            """);
        foreach (var action in Actions(state, UrlForm.Quote(name), restarting))
        {
            page.Append("                <li>").Append(action).Append("</li>\n");
        }

        page.Append("              </ul>\n            </td>\n          </tr>\n");
    }

    // HTTP-052
    private static string[] Actions(ProcessState state, string name, bool restarting)
    {
        const string hidden = "<a href=\"#\" name=\"#\" class=\"hidden\">Action</a>";
        string Action(string title, string action) => $"<a href=\"index.html?processname={name}&amp;action={action}\" name=\"{title}\">{title}</a>";
        var (first, second) = state switch
        {
            // As for a program that runs, which it would be by now in Python Supervisor.
            ProcessState.Exited when restarting => (Action("Restart", "restart"), Action("Stop", "stop")),
            ProcessState.Running => (Action("Restart", "restart"), Action("Stop", "stop")),
            ProcessState.Stopped or ProcessState.Exited or ProcessState.Fatal => (Action("Start", "start"), hidden),
            _ => (hidden, hidden),
        };
        return
        [
            first, second, Action("Clear Log", "clearlog"),
            $"<a href=\"logtail/{name}\" name=\"Tail -f Stdout\" target=\"_blank\">Tail -f Stdout</a>",
            $"<a href=\"logtail/{name}/stderr\" name=\"Tail -f Stderr\" target=\"_blank\">Tail -f Stderr</a>",
        ];
    }
}
