using Microsoft.Playwright;
using Supervisor.Web.Tests.Support;

namespace Supervisor.Web.Tests;

/// <summary>Logs as they are written.</summary>
public sealed class LogPageTests(Chromium chromium) : PageTest(chromium)
{
    private const string Programs = "[program:cat]\ncommand=/bin/cat\nstartsecs=0\nstdout_logfile=@DIR@/cat.log\nstderr_logfile=@DIR@/cat.err\n";

    [Fact]
    public async Task Log_IsFollowedPausedAndSearched()
    {
        var daemon = await CatAsync();
        await SayAsync(daemon, "the beginning\\n");
        var page = await PageAsync(daemon.Url + "tail.html?processname=cat");
        var log = page.GetByRole(AriaRole.Log);
        await Expect(log).ToContainTextAsync("the beginning");

        await SayAsync(daemon, string.Concat(Enumerable.Range(1, 200).Select(i => $"line {i} \u00e9\u4e16\\n")));
        await Expect(log.Locator("div").Last).ToHaveTextAsync("line 200 \u00e9\u4e16");
        Assert.True(await AtEndAsync(page));

        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await SayAsync(daemon, "while nobody looked\\n");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Go on (1)" })).ToBeVisibleAsync();
        await Expect(log).Not.ToContainTextAsync("while nobody looked");
        await page.Keyboard.PressAsync("p");
        await Expect(log).ToContainTextAsync("while nobody looked");

        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("LINE 19");
        await Expect(log.Locator(".hit")).ToHaveCountAsync(11);
        await page.Keyboard.PressAsync("Enter");
        await Expect(log.Locator(".at")).ToHaveTextAsync("line 19 \u00e9\u4e16");
        await Expect(page.GetByText("1 of 11")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Matches only" }).ClickAsync();
        await Expect(log.GetByText("while nobody looked")).ToBeHiddenAsync();
        await SayAsync(daemon, "line 1999\\n");
        await Expect(log.Locator(".hit")).ToHaveCountAsync(12);
    }

    [Fact]
    public async Task Scrolling_StopsFollowing_UntilTheEndIsAskedFor()
    {
        var daemon = await CatAsync();
        await SayAsync(daemon, string.Concat(Enumerable.Range(1, 300).Select(i => $"line {i}\\n")));
        var page = await PageAsync(daemon.Url + "tail.html?processname=cat");
        await Expect(page.GetByRole(AriaRole.Log)).ToContainTextAsync("line 300");
        await page.EvaluateAsync("document.getElementById('log').scrollTop = 0");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Follow" })).ToHaveAttributeAsync("aria-pressed", "false");
        await SayAsync(daemon, "news\\n");
        await Expect(page.GetByRole(AriaRole.Log)).ToContainTextAsync("news");
        Assert.False(await AtEndAsync(page));
        await page.GetByRole(AriaRole.Button, new() { Name = "End" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Follow" })).ToHaveAttributeAsync("aria-pressed", "true");
        Assert.True(await AtEndAsync(page));
    }

    [Fact]
    public async Task Colours_OfTerminals_AreShown()
    {
        var daemon = await CatAsync();
        await SayAsync(daemon, @"\u001b[1;31mred\u001b[0m \u001b[38;5;208morange\u001b[39m \u001b[48;2;1;2;3mdark\u001b[m plain\u001b[2K\n");
        var page = await PageAsync(daemon.Url + "tail.html?processname=cat");
        var log = page.GetByRole(AriaRole.Log);
        await Expect(log).ToHaveTextAsync("red orange dark plain");
        await Expect(log.Locator(".a-red.a-bold")).ToHaveTextAsync("red");
        await Expect(log.GetByText("orange")).ToHaveCSSAsync("color", "rgb(255, 135, 0)");
        await Expect(log.GetByText("dark")).ToHaveCSSAsync("background-color", "rgb(1, 2, 3)");
    }

    [Fact]
    public async Task ClearedAndRotatedLogs_AreFollowedOn()
    {
        var daemon = await CatAsync();
        await SayAsync(daemon, "before\\n");
        var page = await PageAsync(daemon.Url + "tail.html?processname=cat");
        var log = page.GetByRole(AriaRole.Log);
        await Expect(log).ToContainTextAsync("before");
        await daemon.CallAsync("clearProcessLogs", """{"name":"cat"}""");
        await SayAsync(daemon, "after the clear\\n");
        await Expect(log).ToContainTextAsync("after the clear");
        await File.WriteAllTextAsync(Path.Combine(daemon.Folder, "cat.log"), "");
        await Expect(log).ToContainTextAsync("==> File truncated <==");
        await SayAsync(daemon, "after the truncation\\n");
        await Expect(log).ToContainTextAsync("after the truncation");
    }

    [Fact]
    public async Task MainLogAndStderr_HavePagesToo()
    {
        var daemon = await DaemonAsync(Programs + "[program:err]\ncommand=/bin/sh -c \"echo on stderr >&2; exec sleep 1000\"\nstartsecs=0\n");
        var page = await PageAsync(daemon.Url + "mainlog.html");
        await Expect(page.GetByRole(AriaRole.Log)).ToContainTextAsync("spawned: 'cat'");
        await daemon.CallAsync("stopProcess", """{"name":"cat"}""");
        await Expect(page.GetByRole(AriaRole.Log)).ToContainTextAsync("stopped: cat");
        await page.GotoAsync(daemon.Url + "tail.html?processname=err");
        await page.GetByRole(AriaRole.Link, new() { Name = "stderr" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Log)).ToContainTextAsync("on stderr");
    }

    private async Task<Daemon> CatAsync()
    {
        var daemon = await DaemonAsync(Programs);
        await daemon.UntilStateAsync("cat", "RUNNING");
        return daemon;
    }

    private static Task SayAsync(Daemon daemon, string json) => daemon.CallAsync("sendProcessStdin", $$"""{"name":"cat","chars":"{{json}}"}""");

    private static Task<bool> AtEndAsync(IPage page) =>
        page.EvaluateAsync<bool>("(() => { const l = document.getElementById('log'); return l.scrollHeight - l.scrollTop - l.clientHeight < 24; })()");
}
