namespace Supervisor.Server.Web;

/// <summary>The end of a process's log (HTTP-059), and that of the activity log.</summary>
internal static class TailPage
{
    public static string Render(string? processName, string tail, long limit)
    {
        var refresh = processName is null
            ? ""
            : $"<a href=\"tail.html?processname={UrlForm.Quote(processName)}&amp;limit={limit}\"><input type=\"button\" value=\" Refresh \" name=\"refresh\" /></a>";
        return Page("tail", $"Supervisor tail of process {Html.Escape(processName ?? "None")}", tail, refresh);
    }

    public static string RenderMainLog(string tail) => Page(
        "mainlog", "Supervisor main log", tail, "<a href=\"mainlog.html\"><input type=\"button\" value=\" Refresh \" name=\"refresh\" /></a>");

    private static string Page(string page, string title, string tail, string refresh) => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>{title}</title>
          <link href="stylesheets/supervisor.css" rel="stylesheet" type="text/css" />
          <link href="images/icon.png" rel="icon" type="image/png" />
          <script src="scripts/theme.js"></script>
          <script type="module" src="scripts/log.js"></script>
        </head>
        <body data-page="{page}">
        <div id="wrapper" role="main">
        <div class="tools"><a href="index.html">All programs</a></div>
        <pre>{Html.EscapeText(tail)}</pre>
        <form action="index.html" method="POST">
        <div class="tools">
          {refresh}
        </div>
        </form>
        </div>
        </body>
        </html>

        """;
}
