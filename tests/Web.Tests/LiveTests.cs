using System.Globalization;
using Microsoft.Playwright;
using Supervisor.Web.Tests.Support;

namespace Supervisor.Web.Tests;

/// <summary>Long lives and large numbers.</summary>
public sealed class LiveTests(Chromium chromium, ITestOutputHelper output) : PageTest(chromium)
{
    private const int Many = 500;

    [Fact]
    public async Task Restart_OfTheDaemon_IsSurvived()
    {
        var daemon = await DaemonAsync("[program:cat]\ncommand=/bin/cat\nstartsecs=0\n");
        var page = await PageAsync(daemon.Url);
        await ExpectStateAsync(page, "cat", "running");
        Expected.Add("net::ERR");
        await daemon.StopAsync();
        await Expect(page.Locator("#connection")).ToHaveAttributeAsync("data-state", "lost");
        await daemon.StartAsync();
        await Expect(page.Locator("#connection")).ToHaveAttributeAsync("data-state", "live");
        await ExpectStateAsync(page, "cat", "running");
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop cat" }).ClickAsync();
        await ExpectStateAsync(page, "cat", "stopped");
    }

    [Fact]
    public async Task FiveHundredPrograms_AreNoBurden()
    {
        var daemon = await DaemonAsync($"""
            [program:many]
            command=/bin/sleep 10000
            process_name=p%(process_num)03d
            numprocs={Many}
            startsecs=0

            """.Replace("            ", "", StringComparison.Ordinal));
        await daemon.UntilStateAsync($"many:p{Many - 1}", "RUNNING");
        const string observe = """
            window.tasks = [];
            new PerformanceObserver(l => tasks.push(...l.getEntries().map(e => e.duration))).observe({ type: 'longtask', buffered: true });
            new MutationObserver((_, me) => {
                if (document.querySelectorAll('tr.program .status span.statusrunning').length === 500) { window.rendered = performance.now(); me.disconnect(); }
            }).observe(document, { childList: true, subtree: true, attributes: true });
            """;
        var page = await PageAsync(daemon.Url, before: observe);
        await Expect(page.Locator("tr.program .statusrunning")).ToHaveCountAsync(Many);
        var rendered = await page.EvaluateAsync<double>("window.rendered");
        var building = await LongestAsync(page);

        await page.GetByRole(AriaRole.Searchbox).PressSequentiallyAsync("p4");
        await Expect(page.Locator("tr.program:not([hidden])")).ToHaveCountAsync(100);
        await page.GetByRole(AriaRole.Searchbox).FillAsync("");
        await page.GetByRole(AriaRole.Button, new() { Name = "Memory" }).ClickAsync();
        await Expect(page.Locator("tr.program .memory", new() { HasText = "B" })).ToHaveCountAsync(Many);
        var searching = await LongestAsync(page);

        await page.GetByRole(AriaRole.Button, new() { Name = "Stop group many" }).ClickAsync();
        await Expect(page.Locator("tr.program .statusnominal")).ToHaveCountAsync(Many);
        await Expect(page.Locator(".note").First).ToContainTextAsync($"{Many} of {Many} stopped");
        var stopping = await LongestAsync(page);

        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Many} programs: all shown {rendered:0} ms after the navigation began; longest task building {building:0}, searching and sorting {searching:0}, stopping all {stopping:0} ms"));
        Assert.InRange(rendered, 1, 15_000);
        Assert.InRange(Math.Max(building, Math.Max(searching, stopping)), 0, 5_000);
    }

    // And begins anew.
    private static Task<double> LongestAsync(IPage page) => page.EvaluateAsync<double>("Math.max(0, ...tasks.splice(0))");
}
