using Microsoft.Playwright;
using Supervisor.Web.Tests.Support;

namespace Supervisor.Web.Tests;

/// <summary>Light, dark, small, without scripts, and under attack.</summary>
public sealed class LookTests(Chromium chromium) : PageTest(chromium)
{
    private const string Programs = """
        [program:cat]
        command=/bin/cat
        startsecs=0
        stdout_logfile=@DIR@/cat.log
        [program:a_program_with_a_name_that_is_so_long_that_it_does_not_fit_on_any_telephone]
        command=/nonexistent/and/also/a/very/long/path/to/a/program/that/nobody/has/installed/anywhere
        startretries=0
        [program:web]
        command=/bin/cat
        process_name=web_%(process_num)02d
        numprocs=2
        startsecs=0
        autostart=false

        """;

    [Fact]
    public async Task Theme_FollowsTheSystem_UntilItIsChosen()
    {
        var daemon = await DaemonAsync(Programs);
        var page = await PageAsync(daemon.Url, colors: ColorScheme.Dark);
        await ExpectStateAsync(page, "cat", "running");
        Assert.True(await BrightnessAsync(page) < 60);
        await page.GetByRole(AriaRole.Button, new() { Name = "Theme: auto" }).ClickAsync();
        Assert.True(await BrightnessAsync(page) > 200);
        await page.ReloadAsync();
        Assert.True(await BrightnessAsync(page) > 200);
        await page.GetByRole(AriaRole.Button, new() { Name = "Theme: light" }).ClickAsync();
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        Assert.True(await BrightnessAsync(page) < 60);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("", false)]
    [InlineData("tail.html?processname=cat", true)]
    [InlineData("tail.html?processname=cat", false)]
    [InlineData("mainlog.html", true)]
    public async Task Phone_HasNothingToScrollSideways(string path, bool scripts)
    {
        var daemon = await DaemonAsync(Programs);
        await daemon.UntilStateAsync("cat", "RUNNING");
        await daemon.CallAsync("sendProcessStdin", $$"""{"name":"cat","chars":"{{new string('x', 500)}}\n"}""");
        var page = await PageAsync(daemon.Url + path, width: 375, height: 700, scripts: scripts);
        if (scripts)
        {
            await Expect(page.Locator("body.live")).ToHaveCountAsync(1);
        }

        await AssertNoOverflowAsync(page);
    }

    [Fact]
    public async Task WithoutScripts_EveryActionWorks()
    {
        var daemon = await DaemonAsync(Programs);
        var page = await PageAsync(daemon.Url, scripts: false);
        var row = page.Locator("tr", new() { HasText = "web:web_00" });
        await Expect(row.Locator(".statusnominal")).ToHaveTextAsync("stopped");
        await row.GetByRole(AriaRole.Link, new() { Name = "Start" }).ClickAsync();
        await Expect(page.Locator(".status_msg")).ToHaveTextAsync("Process web:web_00 started");
        await Expect(row.Locator(".statusrunning")).ToHaveTextAsync("running");
        await row.GetByRole(AriaRole.Link, new() { Name = "Restart" }).ClickAsync();
        await Expect(page.Locator(".status_msg")).ToHaveTextAsync("Process web:web_00 restarted");
        await row.GetByRole(AriaRole.Link, new() { Name = "Stop", Exact = true }).ClickAsync();
        await Expect(page.Locator(".status_msg")).ToHaveTextAsync("Process web:web_00 stopped");
        await row.GetByRole(AriaRole.Link, new() { Name = "Clear Log" }).ClickAsync();
        await Expect(page.Locator(".status_msg")).ToHaveTextAsync("Log for web:web_00 cleared");
        await page.GetByRole(AriaRole.Link, new() { Name = "Restart All" }).ClickAsync();
        await Expect(page.Locator(".status_msg")).ToContainTextAsync("All restarted at");
        await page.GetByRole(AriaRole.Link, new() { Name = "Stop All" }).ClickAsync();
        await Expect(page.Locator(".status_msg")).ToContainTextAsync("All stopped at");
        await Expect(page.Locator(".statusrunning")).ToHaveCountAsync(0);
        await page.GotoAsync(daemon.Url + "tail.html?processname=cat");
        await Expect(page.Locator("pre")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task WhatProgramsSay_NeverBecomesMarkup()
    {
        const string attack = "<img src=x onerror=window.hacked=1><script>window.hacked=1</script>";
        var daemon = await DaemonAsync(Programs
            + $"[program:evil]\ncommand=/bin/sh -c \"echo '{attack}'; echo '{attack}' >&2; exit 1\"\nstartretries=0\nstdout_logfile=@DIR@/evil.log\n");
        await daemon.UntilStateAsync("evil", "FATAL");
        var page = await PageAsync(daemon.Url + "?message=" + Uri.EscapeDataString(attack));
        await Expect(Row(page, "evil").Locator(".lastline")).ToHaveTextAsync(attack);
        await Expect(page.Locator(".status_msg")).ToHaveTextAsync(attack);
        await page.GotoAsync(daemon.Url + "tail.html?processname=evil");
        await Expect(page.Locator("#log")).ToContainTextAsync(attack);
        Assert.False(await page.EvaluateAsync<bool>("'hacked' in window"));
        Assert.Equal(0, await page.Locator("#log img, #log script").CountAsync());
    }

    [Fact]
    public async Task Policy_ForbidsInlineScripts()
    {
        var daemon = await DaemonAsync(Programs);
        var page = await PageAsync(daemon.Url);
        await Expect(page.Locator("body.live")).ToHaveCountAsync(1);
        Expected.Add("Content Security Policy");
        await page.EvaluateAsync("const s = document.createElement('script'); s.textContent = 'window.hacked = 1'; document.body.append(s)");
        Assert.False(await page.EvaluateAsync<bool>("'hacked' in window"));
    }

    [Fact]
    public async Task BehindAPrefix_EverythingIsFound()
    {
        var daemon = await DaemonAsync(Programs);
        var proxy = Keep(new PrefixProxy(daemon.Port, "/tools/sup"));
        var page = await PageAsync(proxy.Url);
        await ExpectStateAsync(page, "cat", "running");
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop cat" }).ClickAsync();
        await ExpectStateAsync(page, "cat", "stopped");
        await page.GetByRole(AriaRole.Link, new() { Name = "Main log" }).ClickAsync();
        await Expect(page.Locator("#log")).ToContainTextAsync("stopped: cat");
    }

    private static Task<int> BrightnessAsync(IPage page) =>
        page.EvaluateAsync<int>("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).reduce((a, b) => a + +b, 0) / 3 | 0");
}
