using System.Globalization;
using System.Text;
using Supervisor.Core.Engine;
using Supervisor.Rpc.Contract;
using Supervisor.Rpc.Wire;
using Supervisor.Server.Http;
using Supervisor.Server.Rpc;

namespace Supervisor.Server.Web;

/// <summary>The pages for people: <c>/</c>, <c>/index.html</c>, <c>/tail.html</c>, <c>/mainlog.html</c> and the health check <c>/ok.html</c> (HTTP-030, HTTP-050..060).</summary>
internal sealed class WebHandler(ISupervisorApi api, ISupervisorLoop loop, AccessLog log, TimeProvider time)
{
    private const int SmallestTail = 1024;

    // A page takes many times as much while it is made.
    private const int LargestTail = 8 * 1024 * 1024;
    private const int MainLogTail = 16 * 1024;

    // Nothing from elsewhere and nothing inline: what a program writes or is called can never become a script.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        + "frame-ancestors 'none'";

    /// <summary>The page of all programs, the only one that does something.</summary>
    public const string StatusView = "index.html";

    private readonly WebActions _actions = new(api, loop, time);

    /// <summary>Name of the view that a path asks for, or null.</summary>
    public static string? Find(string path) => path.TrimStart('/') switch
    {
        "" or StatusView => StatusView,
        "tail.html" => "tail.html",
        "mainlog.html" => "mainlog.html",
        "ok.html" => "ok.html",
        _ => null,
    };

    public async Task<Reply> HandleAsync(string view, RequestHead request, ServerContext server, string body)
    {
        if (request.Headers.Any(h => !h.Contains(':')))
        {
            // HTTP-009
            return Reply.Error(500);
        }

        try
        {
            var form = body.Length == 0 ? request.Target.Form : new UrlForm(request.Query, body);
            return view switch
            {
                "ok.html" => Reply.Content("text/plain", "OK"u8.ToArray()),
                "tail.html" => Page(await TailAsync(form)),
                "mainlog.html" => Page(TailPage.RenderMainLog(await ReadAsync("the main log", api.ReadLog, MainLogTail))),
                _ => await StatusAsync(form, request, server),
            };
        }
        catch (Exception e) when (e is not (IOException or OperationCanceledException))
        {
            log.WebFailure(e);
            return Reply.Error(500);
        }
    }

    private async Task<Reply> StatusAsync(UrlForm form, RequestHead request, ServerContext server)
    {
        var message = form["message"];
        if (form["action"] is { } action)
        {
            var outcome = await _actions.RunAsync(action, form["processname"]);
            return Reply.Error(301,
            [
                new("Location", $"{await ServerUrlAsync(request, server)}/?message={UrlForm.Quote(outcome)}"),
                new("Content-Type", "text/html"),
                .. s_pageHeaders,
            ]);
        }

        var processes = await api.GetAllProcessInfo();
        var restarting = await loop.QueryAsync(s => s.Groups
            .SelectMany(g => g.Processes)
            .Where(p => p.RestartPending)
            .Select(p => Namespec.Make(p.Group.Name, p.Config.Name))
            .ToHashSet(StringComparer.Ordinal));
        return Page(StatusPage.Render(processes, message, time.GetLocalNow().Year, restarting));
    }

    private async Task<string> TailAsync(UrlForm form)
    {
        var name = form["processname"];
        if (name is null)
        {
            return TailPage.Render(null, "No process name found", SmallestTail);
        }

        var limit = form["limit"] is { } text && text.All(char.IsAsciiDigit)
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? Math.Clamp(number, SmallestTail, LargestTail)
                : SmallestTail;
        Func<string, RpcValue, RpcValue, Task<string>> read = form["channel"] == "stderr" ? api.ReadProcessStderrLog : api.ReadProcessStdoutLog;
        var tail = await ReadAsync(name, (offset, length) => read(name, offset, length), limit);
        return TailPage.Render(name, tail, limit);
    }

    private static async Task<string> ReadAsync(string name, Func<RpcValue, RpcValue, Task<string>> read, long limit)
    {
        try
        {
            return await read(-limit, 0);
        }
        catch (RpcFaultException fault)
        {
            return fault.Code == (int)FaultCode.NoFile
                ? $"No file for {name}"
                : $"ERROR: unexpected rpc fault [{fault.Code}] {fault.Text}";
        }
    }

    private static readonly KeyValuePair<string, string>[] s_pageHeaders =
    [
        new("Pragma", "no-cache"), new("Cache-Control", "no-cache"), new("Expires", "Thu, 01 Jan 1970 00:00:00 GMT"),
    ];

    private static Reply Page(string html)
    {
        var body = Encoding.UTF8.GetBytes(html);
        var reply = Reply.Plain(200, body).Set("Content-Type", "text/html;charset=utf-8");
        foreach (var (name, value) in s_pageHeaders)
        {
            reply.Set(name, value);
        }

        return reply
            .Set("Content-Length", body.Length.ToString(CultureInfo.InvariantCulture))
            .Set("Content-Security-Policy", Policy)
            .Set("X-Content-Type-Options", "nosniff")
            .Set("Referrer-Policy", "same-origin");
    }

    // HTTP-055: by the Host header, without the port that http implies.
    private static async ValueTask<string> ServerUrlAsync(RequestHead request, ServerContext server)
    {
        var authority = Authority.Of(request["Host"]);
        var host = authority.Text;
        if (!authority.IsPlain)
        {
            // None, or something that is no name: it is not repeated.
            host = $"{await server.HostNameAsync()}:{server.Port}";
        }

        var implied = server.Scheme == "https" ? ":443" : ":80";
        return $"{server.Scheme}://{(host.EndsWith(implied, StringComparison.Ordinal) ? host[..^implied.Length] : host)}";
    }
}
