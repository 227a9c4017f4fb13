using Supervisor.Core.Logging;

namespace Supervisor.Core.Tests.Logging;

public class LogTextTests
{
    [Theory]
    [InlineData("plain 'text', ünïcode 世界 \U0001F600 \\n", "plain 'text', ünïcode 世界 \U0001F600 \\n")]
    [InlineData("a\nb", "a\\nb")]
    [InlineData("a\r\nb\tc", "a\\r\\nb\\tc")]
    [InlineData("\u001b[2J\u001b]0;x\u0007", "\\x1b[2J\\x1b]0;x\\x07")]
    [InlineData("\0\u007f\u0085\u009b", "\\x00\\x7f\\x85\\x9b")]
    [InlineData("a\u2028b\u2029c\u202ed\u2066e", "a\\u2028b\\u2029c\\u202ed\\u2066e")]
    public void Line_AnyText_HasNoControlCharacters(string text, string shown) => Assert.Equal(shown, LogText.Clean(text, LogTextKind.Line));

    [Theory]
    [InlineData("a\n\tb\n", "a\n\tb\n")]
    [InlineData("a\r\n\u001b[31m\u2028", "a\\r\n\\x1b[31m\\u2028")]
    public void Lines_KeepTheirEndsAndNothingElse(string text, string shown) => Assert.Equal(shown, LogText.Clean(text, LogTextKind.Lines));

    [Fact]
    public void Line_TooLong_IsCut()
    {
        var text = new string('x', LogText.LongestLine);
        Assert.Same(text, LogText.Clean(text, LogTextKind.Line));
        Assert.Equal(text + "... (3 characters more)", LogText.Clean(text + "yyy", LogTextKind.Line));
        Assert.Equal(text + "yyy", LogText.Clean(text + "yyy", LogTextKind.Lines));
        Assert.EndsWith(" characters more)", LogText.Clean(new string('x', LogText.LongestLines + 1), LogTextKind.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Exception_MessageOfAClient_StaysInItsLine()
    {
        Exception thrown;
        try
        {
            throw new InvalidOperationException("outer", new FormatException("x\n2026-01-01 00:00:00,000 CRIT forged"));
        }
        catch (InvalidOperationException e)
        {
            thrown = e;
        }

        var text = LogText.Of(thrown);
        Assert.StartsWith("System.InvalidOperationException: outer\n ---> System.FormatException: x\\n2026", text, StringComparison.Ordinal);
        Assert.Contains("\n   at ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\n2026", text, StringComparison.Ordinal);
    }
}
