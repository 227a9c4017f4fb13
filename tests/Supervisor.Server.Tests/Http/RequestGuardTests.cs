using System.Text;
using Supervisor.Core.Configuration.Model;
using Supervisor.Server.Http;
using Supervisor.Server.Tests.Support;
using Supervisor.Server.Web;

namespace Supervisor.Server.Tests.Http;

public class RequestGuardTests
{
    private const string Action = "GET /?action=stopall HTTP/1.1";

    private const string CrossSite = "Host: 10.0.0.5:9001; Sec-Fetch-Site: cross-site";

    private static async Task<Reply?> RefuseAsync(string line, string headers, Func<HttpServerConfig, HttpServerConfig>? change = null)
    {
        var config = new HttpServerConfig { Section = "inet_http_server", Family = HttpServerFamily.Inet, Host = "supervisor.example", Port = 9001 };
        var head = RequestHead.Parse(Encoding.UTF8.GetBytes(line + "\r\n" + headers.Replace("; ", "\r\n", StringComparison.Ordinal)), new FakeMemory())!;
        return await new RequestGuard(change?.Invoke(config) ?? config, new MachineNames(() => ["box.corp.example"], TimeProvider.System)).RefuseAsync(head);
    }

    private static async Task<int> CodeAsync(string line, string headers, Func<HttpServerConfig, HttpServerConfig>? change = null) =>
        (await RefuseAsync(line, headers, change))?.Code ?? 0;

    [Theory]
    [InlineData("Host: 10.0.0.5:9001; Sec-Fetch-Site: cross-site")]
    [InlineData("Host: localhost:9001; Sec-Fetch-Site: same-site")]
    [InlineData("Host: localhost:9001; Sec-Fetch-Site:cross-site")]
    [InlineData("Host: localhost:9001; Sec-Fetch-Site: ")]
    [InlineData("Host: 10.0.0.5:9001; Origin: http://evil.example")]
    [InlineData("Host: 10.0.0.5:9001; Origin:http://evil.example")]
    [InlineData("Host: 10.0.0.5:9001; Origin: http://10.0.0.5:9002")]
    [InlineData("Host: 10.0.0.5:9001; Origin: null")]
    [InlineData("Host: 10.0.0.5:9001; Referer: http://evil.example/page")]
    [InlineData("Host: 10.0.0.5:9001; X-Forwarded-For: 1.2.3.4; Origin: http://evil.example")]
    [InlineData("Host: 10.0.0.5:9001; X-Forwarded-For: 1.2.3.4; Accept-Language: en; Referer: http://evil.example/")]
    [InlineData("Host: 192.168.1.5:9001; Accept-Language: en")]
    [InlineData("Host: 192.168.1.5:9001; Accept-Language:")]
    [InlineData("Host: 192.168.1.5:9001; Accept-Language: en; Referer: ")]
    [InlineData("Host: 192.168.1.5:9001; X-Forwarded-For: 1.2.3.4; Accept-Language: en")]
    public async Task OtherSite_Changing_IsRefused(string headers)
    {
        Assert.Equal(403, await CodeAsync(Action, headers));
        Assert.Equal(403, await CodeAsync("POST /RPC2 HTTP/1.1", headers));
        Assert.Equal(403, await CodeAsync(Action, headers, c => c with { Username = "u", Password = "p" }));
        Assert.Contains("allowed_hosts", Encoding.UTF8.GetString((await RefuseAsync(Action, headers))!.Body.Span), StringComparison.Ordinal);
        Assert.Equal(0, await CodeAsync(Action, headers, c => c with { CrossSiteCheck = false }));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1")]
    [InlineData("GET /?message=x HTTP/1.1")]
    [InlineData("GET /?action=refresh HTTP/1.1")]
    [InlineData("GET /?action= HTTP/1.1")]
    [InlineData("GET /tail.html?processname=x&action=stop HTTP/1.1")]
    [InlineData("GET /logtail/cat HTTP/1.1")]
    [InlineData("GET /api/v1/supervisor/getState HTTP/1.1")]
    [InlineData("HEAD /?action=stopall HTTP/1.1")]
    public async Task OtherSite_Looking_Passes(string line) => Assert.Equal(0, await CodeAsync(line, CrossSite));

    /// <summary>Whatever the form of a request: when the page would act on it, other sites may not send it, and only then.</summary>
    [Theory]
    [InlineData("/?%61ction=stopall", "stopall")]
    [InlineData("/?acti%6fn=stopall", "stopall")]
    [InlineData("/?%61%63%74%69%6F%6E=stopall", "stopall")]
    [InlineData("/?action=%73topall", "stopall")]
    [InlineData("/?a=b&action=stopall", "stopall")]
    [InlineData("/?action=stopall&action=refresh", "stopall")]
    [InlineData("/?action=refresh&action=stopall", "refresh")]
    [InlineData("/?action=&action=stopall", "stopall")]
    [InlineData("/?%3Faction=stopall", null)]
    [InlineData("/%3faction=stopall", "stopall")]
    [InlineData("/%3f%61ction=stopall", "stopall")]
    [InlineData("/?ACTION=stopall", null)]
    [InlineData("/?action+=stopall", null)]
    [InlineData("/?+action=stopall", null)]
    [InlineData("/?action=stop+all", "stop all")]
    [InlineData("/?a=b;action=stopall", null)]
    [InlineData("/;x?action=stopall", "stopall")]
    [InlineData("/index%2ehtml?action=stopall", "stopall")]
    [InlineData("/%69ndex.html?action=stopall", "stopall")]
    [InlineData("///index.html?action=stopall", "stopall")]
    [InlineData("%2f?action=stopall", "stopall")]
    [InlineData("?action=stopall", "stopall")]
    [InlineData("/#?action=stopall", null)]
    [InlineData("/?action=stopall#x", "stopall")]
    [InlineData("/?x=#&action=stopall", null)]
    [InlineData("http://10.0.0.5:9001/?action=stopall", null)]
    [InlineData("/x/../?action=stopall", null)]
    [InlineData("/?action%3Dstopall", null)]
    [InlineData("/?action%00=stopall", null)]
    [InlineData("/?a?action=stopall", null)]
    [InlineData("/?x=y?&action=stopall", "stopall")]
    public async Task OtherSite_AnyFormOfAnAction_IsJudgedByWhatThePageDoes(string uri, string? action)
    {
        var head = RequestHead.Parse(Encoding.UTF8.GetBytes($"GET {uri} HTTP/1.1\r\n"), new FakeMemory())!;
        // As the page reads it.
        var acts = head.Target.View == WebHandler.StatusView ? new UrlForm(head.Query, "")["action"] : null;
        Assert.Equal((action, action), (acts, head.Target.Action));
        Assert.Equal(action is null or "refresh" ? 0 : 403, await CodeAsync($"GET {uri} HTTP/1.1", CrossSite));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Host: ")]
    [InlineData("Host: localhost:9001; User-Agent: curl/7.88")]
    [InlineData("Host: odd.name.example:81; User-Agent: Python-xmlrpc/3.11; Accept-Encoding: gzip")]
    [InlineData("Host: odd.name.example; Accept: */*; Accept-Language: *; Sec-Fetch-Mode: cors; User-Agent: node")]
    public async Task Programs_Pass(string headers)
    {
        Assert.Equal(0, await CodeAsync(Action, headers));
        Assert.Equal(0, await CodeAsync("POST /RPC2 HTTP/1.1", headers));
    }

    [Theory]
    [InlineData("Host: localhost:9001; Sec-Fetch-Site: same-origin")]
    [InlineData("Host: 127.0.0.1:9001; Sec-Fetch-Site: none")]
    [InlineData("Host: [::1]:9001; Sec-Fetch-Site: same-origin; Origin: http://[::1]:9001")]
    [InlineData("Host: 10.0.0.5:9001; Origin: http://10.0.0.5:9001; Accept-Language: de")]
    [InlineData("Host: 10.0.0.5:9001; Referer: http://10.0.0.5:9001/; Accept-Language: de")]
    [InlineData("Host: 10.0.0.5; Origin: http://10.0.0.5:80; Accept-Language: de")]
    [InlineData("Host: app:9001; Accept-Language: de; Referer: http://app:9001/index.html")]
    [InlineData("Host: supervisor.example:9001; Accept-Language: de; Referer: http://supervisor.example:9001/")]
    [InlineData("Host: box.local:9001; Accept-Language: de; Origin: http://box.local:9001")]
    [InlineData("Host: box.corp.example:9001; Accept-Language: de; Referer: http://box.corp.example:9001/")]
    public async Task SameSite_Passes(string headers) => Assert.Equal(0, await CodeAsync(Action, headers));

    [Theory]
    [InlineData("Host: evil.example:9001; Accept-Language: de; Referer: http://evil.example:9001/")]
    [InlineData("Host: evil.example:9001; Origin: http://evil.example:9001")]
    [InlineData("Host: evil.example:9001; Origin: http://evil.example:9001; X-Forwarded-For: 1.2.3.4")]
    [InlineData("Host: localhost.evil.example; Accept-Language: de; Referer: http://localhost.evil.example/")]
    [InlineData("Host: 127.0.0.1.evil.example; Accept-Language: de; Referer: http://127.0.0.1.evil.example/")]
    public async Task NameThatIsNotOurs_IsRefusedUnlessAllowed(string headers)
    {
        Assert.Equal(403, await CodeAsync(Action, headers));
        var host = headers.Split([' ', ';', ':'], StringSplitOptions.RemoveEmptyEntries)[1];
        Assert.Equal(0, await CodeAsync(Action, headers, c => c with { AllowedHosts = [host] }));
        // A name that is put on us has no password for us.
        Assert.Equal(0, await CodeAsync(Action, headers, c => c with { Username = "u", Password = "p" }));
    }

    // Without a key to set: proxies for https, whether they hand the name on or not, and old ones for plain http that put our address in its place.
    [Theory]
    [InlineData("1.1", "Host: status.example; Accept-Language: en; Sec-Fetch-Site: same-origin", true)]
    [InlineData("1.1", "Host: status.example; X-Forwarded-For: 1.2.3.4; Sec-Fetch-Site: same-origin; Origin: https://status.example", true)]
    [InlineData("1.1", "Host: 127.0.0.1:9001; X-Real-IP: 1.2.3.4; Sec-Fetch-Site: same-origin; Origin: https://status.example", true)]
    [InlineData("1.0", "Host: status.example; Sec-Fetch-Site: same-origin", true)]
    [InlineData("1.0", "Host: 127.0.0.1:9001; Accept-Language: de; Referer: http://status.example/", true)]
    [InlineData("1.0", "Host: 127.0.0.1:9001; Accept-Language: de; Origin: http://status.example", true)]
    [InlineData("1.0", "Host: 127.0.0.1:9001; Accept-Language: de", false)]
    [InlineData("1.0", "Host: 127.0.0.1:9001; Accept-Language: de; Origin: null", false)]
    [InlineData("1.1", "Host: 127.0.0.1:9001; X-Forwarded-Host: status.example; Origin: http://status.example", true)]
    [InlineData("1.1", "Host: 127.0.0.1:9001; X-Forwarded-Host: status.example; Origin: http://evil.example", false)]
    [InlineData("1.0", "Host: status.example; Accept-Language: de; Referer: http://status.example/", false)]
    [InlineData("1.1", "Host: status.example; X-Forwarded-For: 1.2.3.4; Sec-Fetch-Site: cross-site", false)]
    public async Task Proxies_KeepWorkingWhereTheBrowserCanBeTrusted(string version, string headers, bool passes)
    {
        var line = $"GET /?action=stopall HTTP/{version}";
        Assert.Equal(passes, await RefuseAsync(line, headers) is null);
    }

    [Theory]
    [InlineData("Host: 127.0.0.1:9001; Accept-Language: de; Referer: http://status.example/", 0)]
    [InlineData("Host: 127.0.0.1:9001; Accept-Language: de; Origin: http://status.example", 0)]
    [InlineData("Host: status.example; Accept-Language: de; Referer: http://status.example/", 0)]
    [InlineData("Host: 127.0.0.1:9001; Accept-Language: de; Referer: http://evil.example/", 403)]
    [InlineData("Host: 127.0.0.1:9001; Accept-Language: de; Origin: http://evil.example", 403)]
    public async Task ProxyThatLosesTheName_NameIsConfigured_LetsOnlyThatIn(string headers, int code) =>
        Assert.Equal(code, await CodeAsync("GET /?action=stopall HTTP/1.0", headers, c => c with { AllowedHosts = ["status.example"] }));

    [Theory]
    [InlineData("POST /api/v1/supervisor/stopProcess HTTP/1.1", "Host: h; Origin: http://evil.example; Content-Type: application/json")]
    [InlineData("POST /api/v1/supervisor/stopProcess HTTP/1.1", "Host: h; Origin: http://evil.example")]
    [InlineData("POST /RPC2 HTTP/1.1", "Host: h; Origin: http://evil.example; Content-Type:application/json; charset=utf-8")]
    public async Task Refusal_OfJson_IsJsonWithTheReason(string line, string headers)
    {
        using var json = System.Text.Json.JsonDocument.Parse((await RefuseAsync(line, headers))!.Body);
        var error = json.RootElement.GetProperty("error");
        Assert.Equal(403, error.GetProperty("status").GetInt32());
        Assert.Contains("another site", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MachineNames_LookUpFails_IsTriedAgainLater()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var asked = 0;
        var names = new MachineNames(() => ++asked < 2 ? [] : ["box.corp.example"], time);
        Assert.False(await names.HasAsync("box.corp.example"));
        Assert.False(await names.HasAsync("box.corp.example"));
        Assert.Equal(1, asked);
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.True(await names.HasAsync("BOX.corp.example"));
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task MachineNames_NameServerDoesNotAnswer_IsNotWaitedForForLong()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        using var answer = new ManualResetEventSlim();
        var names = new MachineNames(
            () =>
            {
                answer.Wait();
                return ["box.corp.example"];
            },
            time);
        var asking = names.HasAsync("box.corp.example").AsTask();
        Assert.False(asking.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.False(await asking);
        answer.Set();
    }
}
