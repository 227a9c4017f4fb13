using Supervisor.Server.Api;
using Supervisor.Server.Web;

namespace Supervisor.Server.Http;

/// <summary>Who answers a request.</summary>
internal enum RequestRoute
{
    /// <summary>XML-RPC.</summary>
    Rpc,
    /// <summary>A program's log, followed.</summary>
    ProcessLog,
    /// <summary>The activity log, followed.</summary>
    MainLog,
    /// <summary>The JSON interface and the streams.</summary>
    Api,
    /// <summary>A page, <see cref="RequestTarget.View"/>.</summary>
    Page,
    /// <summary>Everything else: the page's files, or an error.</summary>
    File,
}

/// <summary>
/// What a request is sent to: <c>path ; parameters ? query # fragment</c>. Read once, so that those who
/// judge a request and those who answer it see the same thing.
/// </summary>
internal sealed class RequestTarget
{
    private UrlForm? _form;

    private RequestTarget(string uri)
    {
        Uri = uri;
        var hash = uri.IndexOf('#');
        var address = hash < 0 ? uri : uri[..hash];
        var question = address.IndexOf('?');
        var path = question < 0 ? address : address[..question];
        var semicolon = path.IndexOf(';');
        Path = semicolon < 0 ? path : path[..semicolon];
        Query = question < 0 ? "" : address[(question + 1)..];
        View = WebHandler.Find(Path);
        Route = Find();
    }

    /// <summary>The path decoded once, the query as sent.</summary>
    public string Uri { get; }

    public string Path { get; }

    /// <summary>As sent, without the question mark; empty when there is none.</summary>
    public string Query { get; }

    /// <summary>The query decoded.</summary>
    public UrlForm Form => _form ??= new UrlForm(Query, "");

    /// <summary>The first match wins (HTTP-030).</summary>
    public RequestRoute Route { get; }

    /// <summary>Name of the page; null for everything else.</summary>
    public string? View { get; }

    /// <summary>What the page is to do before it shows itself; null for nothing.</summary>
    public string? Action => Route == RequestRoute.Page && View == WebHandler.StatusView ? Form["action"] : null;

    public static RequestTarget Of(string sent) => new(DecodePath(sent));

    private RequestRoute Find()
    {
        if (Uri.StartsWith("/RPC2", StringComparison.Ordinal))
        {
            return RequestRoute.Rpc;
        }

        if (Uri.StartsWith("/logtail", StringComparison.Ordinal))
        {
            return RequestRoute.ProcessLog;
        }

        if (Uri.StartsWith("/mainlogtail", StringComparison.Ordinal))
        {
            return RequestRoute.MainLog;
        }

        if (Path.StartsWith(ApiHandler.Prefix, StringComparison.Ordinal))
        {
            return RequestRoute.Api;
        }

        return View is null ? RequestRoute.File : RequestRoute.Page;
    }

    private static string DecodePath(string uri)
    {
        var question = uri.LastIndexOf('?');
        var path = question < 0 ? uri : uri[..question];
        return path.Contains('%') ? System.Uri.UnescapeDataString(path) + (question < 0 ? "" : uri[question..]) : uri;
    }
}
