using Microsoft.Playwright;

namespace Supervisor.Web.Tests.Support;

/// <summary>
/// A page on a daemon. Whatever the console calls an error, a breach of the policy above all, fails the test, and so does an exception.
/// </summary>
public abstract class PageTest(Chromium chromium) : IAsyncLifetime
{
    private readonly List<string> _errors = [];
    private readonly List<IAsyncDisposable> _open = [];

    /// <summary>Errors that a test brings about on purpose.</summary>
    protected List<string> Expected { get; } = [];

    public ValueTask InitializeAsync()
    {
        Assert.SkipWhen(Binaries.Missing is not null, Binaries.Missing ?? "");
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var item in Enumerable.Reverse(_open))
        {
            await item.DisposeAsync();
        }

        GC.SuppressFinalize(this);
        Assert.DoesNotContain(_errors, e => !Expected.Exists(x => e.Contains(x, StringComparison.Ordinal)));
    }

    internal async Task<Daemon> DaemonAsync(string programs) => Keep(await Daemon.StartAsync(programs));

    /// <summary>Kept until the pages are closed.</summary>
    internal T Keep<T>(T item) where T : IAsyncDisposable
    {
        _open.Add(item);
        return item;
    }

    protected async Task<IPage> PageAsync(
        string url, int width = 1280, int height = 800, bool scripts = true, ColorScheme colors = ColorScheme.Light, string? before = null)
    {
        var context = await chromium.Browser!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            JavaScriptEnabled = scripts,
            ColorScheme = colors,
        });
        _open.Add(context);
        context.SetDefaultTimeout(20_000);
        var page = await context.NewPageAsync();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _errors.Add(message.Text);
            }
        };
        page.PageError += (_, error) => _errors.Add(error);
        if (before is not null)
        {
            await page.AddInitScriptAsync(before);
        }

        await page.GotoAsync(url);
        return page;
    }

    protected static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    internal static ILocator Row(IPage page, string name) => page.Locator($"tr.program[data-name='{name}']");

    internal static Task ExpectStateAsync(IPage page, string name, string state) => Expect(Row(page, name).Locator(".status span")).ToHaveTextAsync(state);

    internal static async Task AssertNoOverflowAsync(IPage page) => Assert.True(
        await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the window");
}
