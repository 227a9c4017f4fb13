using System.Net;
using System.Text;
using Supervisor.Core.Configuration.Model;

namespace Supervisor.Server.Http;

/// <summary>
/// The one place that stops a browser from being used against us: requests that change something are refused when another site makes a
/// browser send them, and when the browser believes that we are a site of a name that is not ours (DNS rebinding). Programs that are no
/// browsers send none of the headers looked at, and are never refused.
/// </summary>
/// <remarks>
/// Browsers send <c>Sec-Fetch-Site</c>, which no page can forge, to https and loopback addresses only. Over plain http elsewhere Origin,
/// Referer and the Host itself have to do. docs/security-http.md tells which reverse proxies need <c>allowed_hosts</c>.
/// </remarks>
internal sealed class RequestGuard(HttpServerConfig config)
{
    private readonly HashSet<string> _allowed = new(config.AllowedHosts, StringComparer.OrdinalIgnoreCase);

    /// <summary>Null when the request may pass.</summary>
    public Reply? Refuse(RequestHead request)
    {
        if (request.MayPass)
        {
            return null;
        }

        var refusal = config.CrossSiteCheck && Changes(request) ? Judge(request) : null;
        request.MayPass = refusal is null;
        return refusal;
    }

    private Reply? Judge(RequestHead request)
    {
        var site = request["Sec-Fetch-Site"]?.Trim();
        var origin = request["Origin"]?.Trim();
        if (site is not (null or "same-origin" or "none") || (site is null && IsForeign(request, origin)))
        {
            return Refusal("it comes from another site");
        }

        var isBrowser = site is not null || origin is not null
            // fetch() of Node says Sec-Fetch-Mode, but no Site.
            || (request["Accept-Language"] is not null && request["Sec-Fetch-Mode"] is null);
        var host = Name(request["Host"] ?? "");
        return isBrowser && !IsOurs(host, request["Host"]) && !(site is not null && IsProxied(request))
            ? Refusal($"the browser calls this server {Printable(host)}, which is none of its names")
            : null;
    }

    /// <summary>Whether a request may do more than look: anything but GET and HEAD, and GETs of the page with an action.</summary>
    private static bool Changes(RequestHead request) => request.Method is not ("GET" or "HEAD" or "OPTIONS")
        || (request.Method == "GET" && request.Query.Contains("action", StringComparison.Ordinal) && new Web.UrlForm(request.Query, "")["action"] is not (null or "refresh"));

    private bool IsForeign(RequestHead request, string? origin)
    {
        // Old browsers and plain http: where it comes from is compared with whom it is sent to.
        var from = origin ?? (IsProxied(request) ? null : request["Referer"]?.Trim());
        if (string.IsNullOrEmpty(from))
        {
            return false;
        }

        var authority = Authority(from);
        return authority is null || !(IsAllowed(authority) || Same(authority, request["Host"]) || Same(authority, request["X-Forwarded-Host"]));
    }

    private bool IsOurs(string host, string? written) => host.Length == 0
        || IPAddress.TryParse(host, out _)
        || IsAllowed(written?.Trim() ?? "")
        || host.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase)
        || host.Equals(config.Host, StringComparison.OrdinalIgnoreCase)
        // Names that nobody outside can own: without a dot, or in domains that the public DNS does not have.
        || !host.Contains('.')
        || s_private.Any(d => host.EndsWith(d, StringComparison.OrdinalIgnoreCase));

    private static readonly string[] s_private = [".localhost", ".local", ".internal", ".home.arpa"];

    private bool IsAllowed(string authority) => _allowed.Contains(authority) || _allowed.Contains(Name(authority));

    private static bool Same(string authority, string? host) =>
        host is not null && WithoutDefault(authority).Equals(WithoutDefault(host.Trim()), StringComparison.OrdinalIgnoreCase);

    private static string WithoutDefault(string authority) => authority.EndsWith(":80", StringComparison.Ordinal) ? authority[..^3]
        : authority.EndsWith(":443", StringComparison.Ordinal) ? authority[..^4] : authority;

    // Browsers speak HTTP/1.1 at least; and what a page can set itself does not count unless Sec-Fetch-Site, which it cannot, vouches for https.
    private static bool IsProxied(RequestHead request) => request.Version == "1.0"
        || request["Via"] is not null || request["Forwarded"] is not null || request["X-Forwarded-For"] is not null
        || request["X-Forwarded-Host"] is not null || request["X-Forwarded-Proto"] is not null || request["X-Real-IP"] is not null;

    private static string? Authority(string url)
    {
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
        {
            return null;
        }

        var rest = url[(scheme + 3)..];
        var end = rest.AsSpan().IndexOfAny("/?#");
        return end < 0 ? rest : rest[..end];
    }

    // Without its port and, for IPv6, without its brackets.
    private static string Name(string authority)
    {
        var host = authority.Trim();
        if (host.StartsWith('['))
        {
            var close = host.IndexOf(']', StringComparison.Ordinal);
            return close < 0 ? host : host[1..close];
        }

        var colon = host.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? host : host[..colon];
    }

    private static string Printable(string text) =>
        string.Concat((text.Length > 100 ? text[..100] : text).Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '?'));

    private static Reply Refusal(string why)
    {
        var body = Encoding.UTF8.GetBytes(
            $"Refused: {why}.\nIf that is right, name the host in allowed_hosts of the server's section; cross_site_check=false turns this off.\n");
        return Reply.Plain(403, body).Set("Content-Length", body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture))
            .Set("Content-Type", "text/plain;charset=utf-8");
    }
}
