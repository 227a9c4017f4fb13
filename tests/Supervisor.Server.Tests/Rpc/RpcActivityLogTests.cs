using System.Text;
using Supervisor.Rpc.Contract;
using Supervisor.Rpc.Dispatch;
using Supervisor.Server.Http;
using Supervisor.Server.Rpc;
using Supervisor.Server.Tests.Support;
using Supervisor.Testing.Engine;

namespace Supervisor.Server.Tests.Rpc;

public class RpcActivityLogTests
{
    private readonly RecordingLog _log = new();

    /// <summary>It may be what a client sends to a program's stdin.</summary>
    [Theory]
    [InlineData("<methodCall><methodName>supervisor.sendProcessStdin</methodName><params><param><value>s3cret</params>", "not well-formed: mismatched tag")]
    [InlineData("<methodCall><methodName>m</methodName><params><param><value><int>s3cret</int></value></param></params></methodCall>", "bad int")]
    [InlineData("<methodCall><s3cret/></methodCall>", "no method name")]
    public async Task BadRequest_IsLoggedWithoutItsText_RPC004(string body, string why)
    {
        var dispatcher = new RpcDispatcher(CannedApi.Create().Api, ["supervisor"], new RpcActivityLog(_log));
        using var lease = new AnswerLease(new MemoryBudget(1_000_000));
        Assert.Equal(400, (await dispatcher.DispatchAsync(Encoding.UTF8.GetBytes(body), lease)).StatusCode);
        var line = Assert.Single(_log.Lines);
        Assert.DoesNotContain("s3cret", line, StringComparison.Ordinal);
        Assert.StartsWith($"Error XML-RPC request data of {body.Length} bytes is invalid: ", line, StringComparison.Ordinal);
        Assert.Contains(why, line, StringComparison.Ordinal);
    }

    [Fact]
    public void Unexpected_IsLoggedWithItsStackAndWithoutItsText_RPC012()
    {
        new RpcActivityLog(_log).Unexpected("s3cret"u8.ToArray(), new InvalidOperationException("what\nforged"));
        Assert.Equal(
            "Critical Handling XML-RPC request with data of 6 bytes raised an unexpected exception: System.InvalidOperationException: what\\nforged",
            Assert.Single(_log.Lines));
    }
}
