using System.Globalization;
using System.Net;
using System.Text;
using Supervisor.Core.Configuration.Model;
using Supervisor.Server.Api;

namespace Supervisor.Server.Http;

/// <summary>
/// The one place that stops a browser from being used against us: requests that change something are refused when another site makes a
/// browser send them, when the browser does not show that it was our own page, and when the browser believes that we are a site of a name that
/// is not ours (DNS rebinding). Programs that are no browsers send none of the headers looked at, and are never refused.
/// </summary>
/// <remarks>
/// Browsers send <c>Sec-Fetch-Site</c>, which no page can forge, to https and loopback addresses only. Over plain http elsewhere Origin,
/// Referer and the Host itself have to do. docs/security-http.md tells which reverse proxies need <c>allowed_hosts</c>.
/// </remarks>
internal sealed class RequestGuard(HttpServerConfig config, MachineNames machine)
{
    private const string OtherSite = "it comes from another site";
    private const string NoPage = "the browser does not say which page it comes from";

    private static readonly string[] s_private = [".localhost", ".local", ".internal", ".home.arpa"];

    private readonly HashSet<string> _allowed = new(config.AllowedHosts, StringComparer.OrdinalIgnoreCase);

    /// <summary>Null when the request may pass.</summary>
    public async ValueTask<Reply?> RefuseAsync(RequestHead request)
    {
        if (!config.CrossSiteCheck || OnlyLooks(request))
        {
            return null;
        }

        var source = request.Source;
        return WhyForeign(source) is { } why ? Refusal(request, why)
            : await IsNameKnownAsync(source) ? null
            : Refusal(request, $"the browser calls this server {Printable(source.Host.Name)}, which is none of its names");
    }

    /// <summary>Whether it is certain to change nothing, judged by what the handlers will do.</summary>
    private static bool OnlyLooks(RequestHead request) => request.Method switch
    {
        "GET" => request.Target.Route switch
        {
            RequestRoute.Page => request.Target.Action is null or "refresh",
            // A GET of the JSON interface reaches methods that are marked as read-only, and nothing else.
            RequestRoute.Rpc or RequestRoute.ProcessLog or RequestRoute.MainLog or RequestRoute.Api or RequestRoute.File => true,
            _ => false,
        },
        // No handler acts on them.
        "HEAD" or "OPTIONS" => true,
        _ => false,
    };

    private string? WhyForeign(RequestSource source)
    {
        if (source.Site is { } site)
        {
            return site is "same-origin" or "none" ? null : OtherSite;
        }

        // Plain http: where it comes from is compared with whom it is sent to.
        var from = source.Origin ?? (string.IsNullOrEmpty(source.Referer) ? null : source.Referer);
        if (from is null)
        {
            return source.IsBrowser ? NoPage : null;
        }

        return Authority.OfUrl(from) is { } page
            && (IsAllowed(page) || page.IsSame(source.Host) || page.IsSame(source.ForwardedHost) || IsNameLost(source))
            ? null
            : OtherSite;
    }

    // A proxy of the old protocol put our own address in the place of its name: there is nothing to compare with, unless we know the name.
    private bool IsNameLost(RequestSource source) => source.IsProxied && _allowed.Count == 0 && source.ForwardedHost.Text.Length == 0 && IsOurs(source.Host);

    private async ValueTask<bool> IsNameKnownAsync(RequestSource source) =>
        // The browser has no password for us under a name that was put on us.
        !string.IsNullOrEmpty(config.Username)
        || !source.IsBrowser
        // It is sent to https and loopback addresses: nobody else has a certificate for the name, and no foreign name counts as loopback.
        || source.Site is not null
        || IsOurs(source.Host)
        || await machine.HasAsync(source.Host.Name);

    private bool IsOurs(Authority host) => host.Name.Length == 0
        || IPAddress.TryParse(host.Name, out _)
        || IsAllowed(host)
        || host.Name.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase)
        || host.Name.Equals(config.Host, StringComparison.OrdinalIgnoreCase)
        // Names that nobody outside can own: without a dot, or in domains that the public DNS does not have.
        || !host.Name.Contains('.')
        || s_private.Any(d => host.Name.EndsWith(d, StringComparison.OrdinalIgnoreCase));

    private bool IsAllowed(Authority authority) => _allowed.Contains(authority.Text) || _allowed.Contains(authority.Name);

    private static string Printable(string text) =>
        string.Concat((text.Length > 100 ? text[..100] : text).Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '?'));

    private static Reply Refusal(RequestHead request, string why)
    {
        var text = $"Refused: {why}.\nIf that is right, name the host in allowed_hosts of the server's section; cross_site_check=false turns this off.\n";
        if (request.Target.Route == RequestRoute.Api || request.Source.IsJson)
        {
            return ApiReplies.Error(403, text.TrimEnd().ReplaceLineEndings(" "));
        }

        var body = Encoding.UTF8.GetBytes(text);
        return Reply.Plain(403, body).Set("Content-Length", body.Length.ToString(CultureInfo.InvariantCulture))
            .Set("Content-Type", "text/plain;charset=utf-8")
            .Set("X-Content-Type-Options", "nosniff");
    }
}
