using Supervisor.Listeners.Listeners;
using Supervisor.Testing;

namespace Supervisor.Listeners.Tests.Generated;

/// <summary>supervisor-listeners(1), made from the usage texts. UPDATE_GENERATED=1 writes it anew.</summary>
public class ManualTests
{
    [Fact]
    public void Page_IsWhatTheUsageTextsSay()
    {
        var page = new ManPage("supervisor-listeners", 1, "event listeners for supervisord: crashmail, fatalmailbatch, httpok, memmon")
            .Section("SYNOPSIS")
            .Paragraph("crashmail | fatalmailbatch | httpok | memmon [options]")
            .Paragraph("supervisor-listeners NAME [options]")
            .Section("DESCRIPTION")
            .Paragraph("Commands for [eventlistener:x] sections; each says which events it wants. They also run under Python's supervisord.");
        foreach (var usage in new[] { CrashMail.Usage, FatalMailBatch.Usage, HttpOk.Usage, MemMon.Usage })
        {
            var lines = usage.ReplaceLineEndings("\n").Split('\n');
            page.Section(lines[0].Split(' ')[0].ToUpperInvariant()).Verbatim(lines[0]).Paragraph(Introduction(lines)).Options(usage);
        }

        page.Section("SEE ALSO").Paragraph("supervisord(1), supervisord.conf(5)");
        Assert.Equal(page.Text, Repository.Generated("docs/man/supervisor-listeners.1", page.Text));
    }

    private static string Introduction(string[] lines) => string.Join(' ', lines.Skip(2).TakeWhile(l => l.Length > 0));
}
