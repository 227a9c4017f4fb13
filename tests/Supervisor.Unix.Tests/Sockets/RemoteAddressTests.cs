using System.Net;

namespace Supervisor.Unix.Tests.Sockets;

public class RemoteAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:9001")]
    [InlineData("[2001:db8::1]:65535")]
    [InlineData("[fe80::1%3]:80")]
    public void Internet_ComesBackAsItWas(string text)
    {
        var client = IPEndPoint.Parse(text);
        var address = RemoteAddress.Read(client.Serialize().Buffer.Span);
        Assert.True(address.IsInternet);
        Assert.Equal(client, address.ToEndPoint());
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 1, 0 })]
    public void UnixSocket_IsNone(byte[] sockaddr)
    {
        var address = RemoteAddress.Read(sockaddr);
        Assert.False(address.IsInternet);
        Assert.Null(address.ToEndPoint());
    }
}
