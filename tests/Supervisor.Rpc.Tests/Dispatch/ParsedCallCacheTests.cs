using Supervisor.Rpc.Dispatch;
using Supervisor.Rpc.Wire;

namespace Supervisor.Rpc.Tests.Dispatch;

public class ParsedCallCacheTests
{
    private readonly ParsedCallCache _memory = new();

    [Fact]
    public void SameDocument_IsFound_AnotherIsNot()
    {
        _memory.Keep("<a/>"u8, "m", [new RpcInt(1)]);
        Assert.True(_memory.TryFind("<a/>"u8, out var method, out var arguments));
        Assert.Equal("m", method);
        Assert.Equal([new RpcInt(1)], arguments);
        Assert.False(_memory.TryFind("<b/>"u8, out _, out _));
        Assert.False(_memory.TryFind("<a/> "u8, out _, out _));
    }

    [Fact]
    public void Documents_InOnePlace_PushEachOtherOut()
    {
        for (byte i = 0; i < 200; i++)
        {
            _memory.Keep([i], $"m{i}", []);
            Assert.True(_memory.TryFind([i], out var method, out _));
            Assert.Equal($"m{i}", method);
        }

        Assert.InRange(Enumerable.Range(0, 200).Count(i => _memory.TryFind([(byte)i], out _, out _)), 1, 16);
    }

    [Fact]
    public void LongDocuments_AreNotKept()
    {
        var document = new byte[513];
        _memory.Keep(document, "m", []);
        Assert.False(_memory.TryFind(document, out _, out _));
    }
}
