using Supervisor.Core.Configuration.Expansion;

namespace Supervisor.Core.Tests.Configuration;

/// <summary>Corners of Python's <c>%</c> operator; the expected texts are Python's own.</summary>
public class PercentFormatTests
{
    private static readonly ExpansionScope s_scope = new ExpansionScope().Set("n", 0).Set("wide", "\u20ac\U0001F600").Set("name", "cat");

    [Theory]
    [InlineData("%(n)+#.0g", "+0.")]
    [InlineData("%(n)#.1e", "0.0e+00")]
    [InlineData("%(wide)4s|%(wide)-4s|%(wide).1s", "  \u20ac\U0001F600|\u20ac\U0001F600  |\u20ac")]
    [InlineData("%(wide)a", "'\\u20ac\\U0001f600'")]
    [InlineData("%(name)06s%%", "   cat%")]
    public void Format_CFG025(string format, string expected) => Assert.Equal(expected, PercentFormat.Format(format, s_scope));

    [Theory]
    [InlineData("\U0001F600%(n)!", "unsupported format character '!' (0x21) at index 5")]
    [InlineData("%(n)\U0001F600", "unsupported format character '?' (0x1f600) at index 4")]
    [InlineData("%(n)\n", "unsupported format character '?' (0xa) at index 4")]
    [InlineData("%(n)\u001f", "unsupported format character '\u001f' (0x1f) at index 4")]
    [InlineData("%(n)*d", "not enough arguments for format string")]
    [InlineData("%(n).*d", "not enough arguments for format string")]
    [InlineData("%(n)*", "incomplete format")]
    [InlineData("%(name)*d", "* wants int")]
    [InlineData("%*d", "* wants int")]
    public void Refusal_CFG026(string format, string expected) =>
        Assert.Equal(expected, Assert.Throws<FormatTextException>(() => PercentFormat.Format(format, s_scope)).Message);
}
