using System.Text;
using Supervisor.Core.Configuration.Model;
using Supervisor.Server.Http;
using Supervisor.Server.Tests.Support;

namespace Supervisor.Server.Tests.Http;

public class RequestGuardTests
{
    private const string Action = "GET /?action=stopall HTTP/1.1";

    private static Reply? Refuse(string line, string headers, Func<HttpServerConfig, HttpServerConfig>? change = null)
    {
        var config = new HttpServerConfig { Section = "inet_http_server", Family = HttpServerFamily.Inet, Host = "supervisor.example", Port = 9001 };
        var head = RequestHead.Parse(Encoding.UTF8.GetBytes(line + "\r\n" + headers.Replace("; ", "\r\n", StringComparison.Ordinal)), new FakeMemory())!;
        return new RequestGuard(change?.Invoke(config) ?? config).Refuse(head);
    }

    [Theory]
    [InlineData("Host: 10.0.0.5:9001; Sec-Fetch-Site: cross-site")]
    [InlineData("Host: localhost:9001; Sec-Fetch-Site: same-site")]
    [InlineData("Host: 10.0.0.5:9001; Origin: http://evil.example")]
    [InlineData("Host: 10.0.0.5:9001; Origin: http://10.0.0.5:9002")]
    [InlineData("Host: 10.0.0.5:9001; Origin: null")]
    [InlineData("Host: 10.0.0.5:9001; Referer: http://evil.example/page")]
    [InlineData("Host: 10.0.0.5:9001; X-Forwarded-For: 1.2.3.4; Origin: http://evil.example")]
    public void OtherSite_Changing_IsRefused(string headers)
    {
        Assert.Equal(403, Refuse(Action, headers)?.Code);
        Assert.Equal(403, Refuse("POST /RPC2 HTTP/1.1", headers)?.Code);
        Assert.Contains("allowed_hosts", Encoding.UTF8.GetString(Refuse(Action, headers)!.Body.Span), StringComparison.Ordinal);
        Assert.Null(Refuse(Action, headers, c => c with { CrossSiteCheck = false }));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1")]
    [InlineData("GET /?message=x HTTP/1.1")]
    [InlineData("GET /?action=refresh HTTP/1.1")]
    [InlineData("GET /logtail/cat HTTP/1.1")]
    [InlineData("HEAD /?action=stopall HTTP/1.1")]
    public void OtherSite_Looking_Passes(string line) => Assert.Null(Refuse(line, "Host: 10.0.0.5:9001; Sec-Fetch-Site: cross-site"));

    [Theory]
    [InlineData("")]
    [InlineData("Host: ")]
    [InlineData("Host: localhost:9001; User-Agent: curl/7.88")]
    [InlineData("Host: odd.name.example:81; User-Agent: Python-xmlrpc/3.11; Accept-Encoding: gzip")]
    [InlineData("Host: odd.name.example; Accept: */*; Accept-Language: *; Sec-Fetch-Mode: cors; User-Agent: node")]
    public void Programs_Pass(string headers)
    {
        Assert.Null(Refuse(Action, headers));
        Assert.Null(Refuse("POST /RPC2 HTTP/1.1", headers));
    }

    [Theory]
    [InlineData("Host: localhost:9001; Sec-Fetch-Site: same-origin")]
    [InlineData("Host: 127.0.0.1:9001; Sec-Fetch-Site: none")]
    [InlineData("Host: [::1]:9001; Sec-Fetch-Site: same-origin; Origin: http://[::1]:9001")]
    [InlineData("Host: 10.0.0.5:9001; Origin: http://10.0.0.5:9001; Accept-Language: de")]
    [InlineData("Host: 10.0.0.5:9001; Referer: http://10.0.0.5:9001/; Accept-Language: de")]
    [InlineData("Host: 10.0.0.5; Origin: http://10.0.0.5:80; Accept-Language: de")]
    [InlineData("Host: app:9001; Accept-Language: de")]
    [InlineData("Host: supervisor.example:9001; Accept-Language: de")]
    [InlineData("Host: box.local:9001; Accept-Language: de; Origin: http://box.local:9001")]
    public void SameSite_Passes(string headers) => Assert.Null(Refuse(Action, headers));

    [Theory]
    [InlineData("Host: evil.example:9001; Accept-Language: de")]
    [InlineData("Host: evil.example:9001; Origin: http://evil.example:9001")]
    [InlineData("Host: evil.example:9001; Origin: http://evil.example:9001; X-Forwarded-For: 1.2.3.4")]
    [InlineData("Host: evil.example:9001; Sec-Fetch-Site: same-origin")]
    [InlineData("Host: localhost.evil.example; Accept-Language: de")]
    [InlineData("Host: 127.0.0.1.evil.example; Accept-Language: de")]
    public void NameThatIsNotOurs_IsRefusedUnlessAllowed(string headers)
    {
        Assert.Equal(403, Refuse(Action, headers)?.Code);
        var host = headers.Split([' ', ';', ':'], StringSplitOptions.RemoveEmptyEntries)[1];
        Assert.Null(Refuse(Action, headers, c => c with { AllowedHosts = [host] }));
    }

    // Without a key to set: proxies for https, whether they hand the name on or not. Over plain http the name has to be allowed.
    [Theory]
    [InlineData("1.1", "Host: status.example; X-Forwarded-For: 1.2.3.4; Sec-Fetch-Site: same-origin; Origin: https://status.example", true)]
    [InlineData("1.1", "Host: 127.0.0.1:9001; X-Real-IP: 1.2.3.4; Sec-Fetch-Site: same-origin; Origin: https://status.example", true)]
    [InlineData("1.0", "Host: status.example; Sec-Fetch-Site: same-origin", true)]
    [InlineData("1.0", "Host: 127.0.0.1:9001; Accept-Language: de; Referer: http://status.example/", true)]
    [InlineData("1.1", "Host: 127.0.0.1:9001; X-Forwarded-Host: status.example; Origin: http://status.example", true)]
    [InlineData("1.0", "Host: status.example; Accept-Language: de; Referer: http://status.example/", false)]
    [InlineData("1.0", "Host: 127.0.0.1:9001; Accept-Language: de; Origin: http://status.example", false)]
    [InlineData("1.1", "Host: status.example; X-Forwarded-For: 1.2.3.4; Sec-Fetch-Site: cross-site", false)]
    public void Proxies_KeepWorkingWhereTheBrowserCanBeTrusted(string version, string headers, bool passes)
    {
        var line = $"GET /?action=stopall HTTP/{version}";
        Assert.Equal(passes, Refuse(line, headers) is null);
        if (!headers.Contains("cross-site", StringComparison.Ordinal))
        {
            Assert.Null(Refuse(line, headers, c => c with { AllowedHosts = ["status.example"] }));
        }
    }
}
