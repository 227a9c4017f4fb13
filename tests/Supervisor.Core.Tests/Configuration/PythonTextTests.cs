using Supervisor.Core.Configuration.Expansion;

namespace Supervisor.Core.Tests.Configuration;

public class PythonTextTests
{
    [Theory]
    [InlineData("it's", "\"it's\"")]
    [InlineData("a'\"\\", "'a\\'\"\\\\'")]
    [InlineData("\n\u0001ö\u2028", "'\\n\\x01ö\\u2028'")]
    public void Repr_CFG059(string text, string expected) => Assert.Equal(expected, PythonRepr.Of(text));

    [Theory]
    [InlineData("12", 12L)]
    [InlineData(" +1_0 ", 10L)]
    [InlineData("-5", -5L)]
    [InlineData("", null)]
    [InlineData("1__0", null)]
    [InlineData("_1", null)]
    [InlineData("1x", null)]
    public void TryParseInt_OPT001(string text, long? expected) =>
        Assert.Equal(expected, PythonText.TryParseInt(text, 10, out var value) ? value : null);

    [Fact]
    public void Lengths_CountCodePoints()
    {
        Assert.Equal(3, PythonText.Length("a\U0001F600b"));
        Assert.Equal("\U0001F600 |", PythonText.PadRight("\U0001F600", 2) + "|");
        Assert.Equal(" \U0001F600", PythonText.PadLeft("\U0001F600", 2));
        Assert.Equal("a\U0001F600", PythonText.Truncate("a\U0001F600b", 2));
        Assert.Equal("ab", PythonText.Truncate("ab", 5));
    }
}
