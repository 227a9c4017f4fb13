using Microsoft.Playwright;
using Supervisor.Web.Tests.Support;

namespace Supervisor.Web.Tests;

/// <summary>The page of all programs, as a person uses it.</summary>
public sealed class StatusPageTests(Chromium chromium) : PageTest(chromium)
{
    private const string Programs = """
        [program:cat]
        command=/bin/cat
        startsecs=0
        stdout_logfile=@DIR@/cat.log
        [program:idle]
        command=/bin/cat
        startsecs=0
        autostart=false
        [program:missing]
        command=/nonexistent/program
        startretries=0
        [program:broken]
        command=/bin/sh -c "echo first >&2; echo 'the reason is here' >&2; exit 3"
        startretries=0
        [program:web]
        command=/bin/cat
        process_name=web_%(process_num)02d
        numprocs=3
        startsecs=0

        """;

    [Fact]
    public async Task Actions_OfOneProgram_ShowTheirOutcome()
    {
        var daemon = await DaemonAsync(Programs);
        var page = await PageAsync(daemon.Url);
        await ExpectStateAsync(page, "cat", "running");
        await ExpectStateAsync(page, "idle", "stopped");

        await page.GetByRole(AriaRole.Button, new() { Name = "Start idle" }).ClickAsync();
        await ExpectStateAsync(page, "idle", "running");
        await Expect(Row(page, "idle").Locator(".outcome")).ToHaveTextAsync("started");

        var pid = await daemon.CallAsync("getProcessInfo", """{"name":"idle"}""");
        await page.GetByRole(AriaRole.Button, new() { Name = "Restart idle" }).ClickAsync();
        await Expect(Row(page, "idle").Locator(".outcome")).ToHaveTextAsync("restarted");
        Assert.NotEqual(pid, await daemon.CallAsync("getProcessInfo", """{"name":"idle"}"""));

        await page.GetByRole(AriaRole.Button, new() { Name = "Stop idle" }).ClickAsync();
        await Expect(Row(page, "idle").Locator(".outcome")).ToHaveTextAsync("stopped");
        await ExpectStateAsync(page, "idle", "stopped");

        await page.GetByRole(AriaRole.Button, new() { Name = "Details of cat" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Clear logs of cat" }).ClickAsync();
        await Expect(Row(page, "cat").Locator(".outcome")).ToHaveTextAsync("log cleared");
    }

    [Fact]
    public async Task FailedStart_ShowsItsReasonAndTheLastWords()
    {
        var daemon = await DaemonAsync(Programs);
        var page = await PageAsync(daemon.Url);
        await ExpectStateAsync(page, "broken", "fatal");
        await Expect(Row(page, "broken").Locator(".lastline")).ToHaveTextAsync("the reason is here");
        await Expect(Row(page, "missing").Locator(".reason")).ToHaveTextAsync("can't find command '/nonexistent/program'");

        await page.GetByRole(AriaRole.Button, new() { Name = "Start missing" }).ClickAsync();
        await Expect(Row(page, "missing").Locator(".outcome.bad")).ToContainTextAsync("can't find command");
        await Expect(page.Locator(".note.bad")).ToContainTextAsync("missing");

        await page.GetByRole(AriaRole.Button, new() { Name = "Details of broken" }).ClickAsync();
        await Expect(page.Locator(".detail pre")).ToContainTextAsync("first\nthe reason is here");
    }

    [Fact]
    public async Task Actions_OfASelection_AGroupAndAll_TellHowManyDidWell()
    {
        var daemon = await DaemonAsync(Programs);
        var page = await PageAsync(daemon.Url);
        await ExpectStateAsync(page, "web:web_02", "running");

        await page.GetByRole(AriaRole.Button, new() { Name = "Stop group web" }).ClickAsync();
        foreach (var name in new[] { "web:web_00", "web:web_01", "web:web_02" })
        {
            await ExpectStateAsync(page, name, "stopped");
        }

        await Expect(page.Locator(".note").First).ToContainTextAsync("3 of 3 stopped");

        foreach (var name in new[] { "web:web_01", "idle", "missing" })
        {
            await page.GetByRole(AriaRole.Checkbox, new() { Name = $"Select {name}", Exact = true }).CheckAsync();
        }

        var toolbar = page.GetByRole(AriaRole.Toolbar, new() { Name = "Selected programs" });
        await Expect(toolbar).ToContainTextAsync("3 selected");
        await toolbar.GetByRole(AriaRole.Button, new() { Name = "Start", Exact = true }).ClickAsync();
        await ExpectStateAsync(page, "web:web_01", "running");
        await ExpectStateAsync(page, "idle", "running");
        await Expect(page.Locator(".note.bad").First).ToContainTextAsync("2 of 3 started, 1 failed");

        await page.GetByRole(AriaRole.Button, new() { Name = "Stop all" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Stop all" }).ClickAsync();
        await ExpectStateAsync(page, "cat", "stopped");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Running" })).ToContainTextAsync("0");

        await page.GetByRole(AriaRole.Button, new() { Name = "Restart all" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Restart all" }).ClickAsync();
        await ExpectStateAsync(page, "cat", "running");
        await ExpectStateAsync(page, "web:web_00", "running");
    }

    [Fact]
    public async Task Changes_FromElsewhere_ArriveByThemselves()
    {
        var daemon = await DaemonAsync(Programs);
        var page = await PageAsync(daemon.Url);
        await ExpectStateAsync(page, "cat", "running");
        await daemon.CallAsync("stopProcess", """{"name":"cat"}""");
        await ExpectStateAsync(page, "cat", "stopped");
        await daemon.CallAsync("stopProcessGroup", """{"name":"web"}""");
        await daemon.CallAsync("removeProcessGroup", """{"name":"web"}""");
        await Expect(page.Locator("tr.group")).ToHaveCountAsync(0);
        await daemon.CallAsync("addProcessGroup", """{"name":"web"}""");
        await ExpectStateAsync(page, "web:web_01", "running");
    }

    [Fact]
    public async Task Figures_OfRunningPrograms_AreShown()
    {
        var daemon = await DaemonAsync(Programs + "[program:busy]\ncommand=/bin/sh -c \"while :; do :; done\"\nstartsecs=0\n");
        var page = await PageAsync(daemon.Url);
        await Expect(Row(page, "cat").Locator(".memory")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^[0-9.]+ [KM]B$"));
        await Expect(Row(page, "busy").Locator(".cpu")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^[1-9][0-9.]* %$"));
        await Expect(Row(page, "cat").Locator(".uptime")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^[0-9]+s$"));
        await Expect(Row(page, "idle").Locator(".memory")).ToHaveTextAsync("–");
        await daemon.CallAsync("stopProcess", """{"name":"busy"}""");
        await Expect(Row(page, "busy").Locator(".cpu")).ToHaveTextAsync("–");
    }

    [Fact]
    public async Task SearchAndFilter_NarrowTheTable()
    {
        var daemon = await DaemonAsync(Programs);
        var page = await PageAsync(daemon.Url);
        var shown = page.Locator("tr.program:not([hidden])");
        await Expect(shown).ToHaveCountAsync(7);
        await page.GetByRole(AriaRole.Searchbox).FillAsync("WEB_0");
        await Expect(shown).ToHaveCountAsync(3);
        await page.GetByRole(AriaRole.Searchbox).FillAsync("nothing like it");
        await Expect(page.GetByText("No program matches.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Searchbox).FillAsync("");
        await page.GetByRole(AriaRole.Button, new() { Name = "Failed" }).ClickAsync();
        await Expect(shown).ToHaveCountAsync(2);
        await page.GetByRole(AriaRole.Button, new() { Name = "All", Exact = false }).First.ClickAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "web", Exact = true }).ClickAsync();
        await Expect(shown).ToHaveCountAsync(4);
        await page.ReloadAsync();
        await Expect(shown).ToHaveCountAsync(4);

        await page.GetByRole(AriaRole.Button, new() { Name = "Groups" }).ClickAsync();
        await Expect(shown).ToHaveCountAsync(7);
        await page.GetByRole(AriaRole.Button, new() { Name = "Name" }).ClickAsync();
        await Expect(shown.First).ToHaveAttributeAsync("data-name", "web:web_02");
        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Name" })).ToHaveAttributeAsync("aria-sort", "descending");
    }

    [Fact]
    public async Task Keyboard_DoesAll()
    {
        var daemon = await DaemonAsync(Programs);
        var page = await PageAsync(daemon.Url);
        await ExpectStateAsync(page, "cat", "running");
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("idle");
        await Expect(page.Locator("tr.program:not([hidden])")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("tr.program:not([hidden])")).ToHaveCountAsync(7);

        // broken, cat, idle
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(Row(page, "idle")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("s");
        await ExpectStateAsync(page, "idle", "running");
        await page.Keyboard.PressAsync("t");
        await ExpectStateAsync(page, "idle", "stopped");
        await page.Keyboard.PressAsync("x");
        await Expect(page.GetByRole(AriaRole.Toolbar, new() { Name = "Selected programs" })).ToContainTextAsync("1 selected");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("tr.detail")).ToHaveCountAsync(1);

        await page.Keyboard.PressAsync("?");
        var help = page.GetByRole(AriaRole.Dialog, new() { Name = "Keyboard" });
        await Expect(help).ToBeVisibleAsync();
        await help.GetByRole(AriaRole.Checkbox).UncheckAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("/");
        await Expect(page.GetByRole(AriaRole.Searchbox)).Not.ToBeFocusedAsync();

        // Everything can be reached with the Tab key, beginning with the way past the header.
        await page.ReloadAsync();
        await ExpectStateAsync(page, "cat", "running");
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "To the programs" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.GetByRole(AriaRole.Searchbox)).ToBeFocusedAsync();
    }

    [Fact]
    public async Task ScreenReader_HasLandmarksNamesAndATable()
    {
        var daemon = await DaemonAsync(Programs);
        var page = await PageAsync(daemon.Url, width: 375);
        await ExpectStateAsync(page, "cat", "running");
        await Expect(page.GetByRole(AriaRole.Banner)).ToHaveCountAsync(1);
        await Expect(page.GetByRole(AriaRole.Main)).ToHaveCountAsync(1);
        await Expect(page.GetByRole(AriaRole.Table, new() { Name = "Programs" })).ToHaveCountAsync(1);
        await Expect(page.GetByRole(AriaRole.Row)).ToHaveCountAsync(8);
        await Expect(page.GetByRole(AriaRole.Rowheader)).ToHaveCountAsync(8);
        var nameless = await page.EvaluateAsync<string[]>("""
            [...document.querySelectorAll('button, a, input')].filter(e => !e.hidden
                && !(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length)).map(e => e.outerHTML)
            """);
        Assert.Empty(nameless);

        await page.GetByRole(AriaRole.Button, new() { Name = "Stop cat" }).ClickAsync();
        await Expect(page.Locator("[aria-live=polite]")).ToContainTextAsync("cat stopped");
    }
}
