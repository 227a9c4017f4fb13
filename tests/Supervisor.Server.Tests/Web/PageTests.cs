using System.Text.RegularExpressions;
using Supervisor.Rpc.Contract;
using Supervisor.Server.Web;

namespace Supervisor.Server.Tests.Web;

/// <summary>The markup that the server makes, which scrapers and browsers without scripts get.</summary>
public sealed partial class PageTests
{
    private const string Attack = "<script>\"&'";

    [Theory]
    [InlineData(20, "RUNNING", "statusrunning", "Restart Stop")]
    [InlineData(0, "STOPPED", "statusnominal", "Start Action")]
    [InlineData(100, "EXITED", "statusnominal", "Start Action")]
    [InlineData(200, "FATAL", "statuserror", "Start Action")]
    [InlineData(30, "BACKOFF", "statuserror", "Action Action")]
    [InlineData(10, "STARTING", "statusnominal", "Action Action")]
    public void Rows_HaveTheClassAndTheActionsOfTheirState_HTTP051_HTTP052(int state, string name, string css, string actions)
    {
        var page = StatusPage.Render([Info("g", "p", state, name)], null, 2026);
        Assert.Contains($"<span class=\"{css}\">{name.ToLowerInvariant()}</span>", page, StringComparison.Ordinal);
        Assert.StartsWith(actions + " Clear Log", string.Join(' ', Action().Matches(page).Select(m => m.Groups[1].Value)), StringComparison.Ordinal);
        Assert.Contains("href=\"tail.html?processname=g%3Ap\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_RestartPending_CanBeStopped()
    {
        var page = StatusPage.Render([Info("g", "p", 100, "EXITED"), Info("g", "q", 100, "EXITED")], null, 2026, new HashSet<string> { "g:p" });
        Assert.Contains("<a href=\"index.html?processname=g%3Ap&amp;action=stop\" name=\"Stop\">", page, StringComparison.Ordinal);
        Assert.DoesNotContain("processname=g%3Aq&amp;action=stop", page, StringComparison.Ordinal);
    }

    [Fact]
    public void NoPrograms_IsSaid_HTTP051() => Assert.Contains("No programs to manage", StatusPage.Render([], null, 2026), StringComparison.Ordinal);

    [Fact]
    public void Pages_HaveNothingInline_AndNothingFromElsewhere()
    {
        string[] pages =
        [
            StatusPage.Render([Info(Attack, Attack, 200, "FATAL") with { Description = Attack }], Attack, 2026), TailPage.Render(Attack, Attack, 1024),
            TailPage.RenderMainLog(Attack), TailPage.Render(null, "", 1024),
        ];
        Assert.All(pages, page =>
        {
            Assert.DoesNotMatch(" style=|<style| on[a-z]+=", page);
            Assert.All(Script().Matches(page), m => Assert.Matches("^<script (type=\"module\" )?src=\"scripts/[a-z]+\\.js\"></script>$", m.Value));
            Assert.DoesNotMatch("(src|href)=\"(/|https?:(?!//supervisord.org\"))", page);
        });
    }

    private static ProcessInfo Info(string group, string name, int state, string stateName) =>
        new(name, group, 0, 0, 0, state, stateName, "", 0, "", "", "", 0, "");

    [GeneratedRegex("<li><a [^>]*>([^<]*)</a></li>")]
    private static partial Regex Action();

    [GeneratedRegex("<script.*")]
    private static partial Regex Script();
}
