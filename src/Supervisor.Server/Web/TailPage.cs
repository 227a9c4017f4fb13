namespace Supervisor.Server.Web;

/// <summary>The end of a process's stdout log (HTTP-059).</summary>
internal static class TailPage
{
    public static string Render(string? processName, string tail, long limit)
    {
        var refresh = processName is null
            ? ""
            : $"<a href=\"tail.html?processname={UrlForm.Quote(processName)}&amp;limit={limit}\"><input type=\"button\" value=\" Refresh \" name=\"refresh\" /></a>";
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
              <meta charset="utf-8" />
              <title>Supervisor tail of process {Html.Escape(processName ?? "None")}</title>
            </head>
            <body>
            <div>
            <pre>{Html.EscapeText(tail)}</pre>
            <form action="index.html" method="POST">
            <div style="margin-top: 10px;">
              {refresh}
            </div>
            </form>
            </div>
            </body>
            </html>

            """;
    }
}
