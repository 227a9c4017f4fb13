using Supervisor.Server.Http;

namespace Supervisor.Server.Tests.Http;

public class AuthorityTests
{
    [Theory]
    [InlineData("h", "h", true)]
    [InlineData("h:80", "h", true)]
    [InlineData(" a_b-c.example.:9001 ", "a_b-c.example.", true)]
    [InlineData("[::1]:9001", "::1", true)]
    [InlineData("[::ffff:1.2.3.4]", "::ffff:1.2.3.4", true)]
    [InlineData("h:", "h", true)]
    [InlineData("", "", false)]
    [InlineData(":80", "", false)]
    [InlineData("h:80x", "h", false)]
    [InlineData("h:80:81", "h", false)]
    [InlineData("a b", "a b", false)]
    [InlineData("a\nb", "a\nb", false)]
    [InlineData("a\tb", "a\tb", false)]
    [InlineData("evil.example/x?", "evil.example/x?", false)]
    [InlineData("u@h", "u@h", false)]
    [InlineData("h#x", "h#x", false)]
    [InlineData("[::1]x", "::1", false)]
    [InlineData("[::1", "[", false)]
    [InlineData("w\u00f6rld", "w\u00f6rld", false)]
    public void Host_PlainOrNot_IsSeen(string text, string name, bool plain)
    {
        var authority = Authority.Of(text);
        Assert.Equal((name, plain), (authority.Name, authority.IsPlain));
    }

    [Theory]
    [InlineData("http://h:81/path?x", "h:81")]
    [InlineData("https://[::1]", "[::1]")]
    [InlineData("http://h?x", "h")]
    [InlineData("null", null)]
    [InlineData("h", null)]
    public void Url_HasAnAuthorityOrNone(string url, string? expected) => Assert.Equal(expected, Authority.OfUrl(url)?.Text);
}
