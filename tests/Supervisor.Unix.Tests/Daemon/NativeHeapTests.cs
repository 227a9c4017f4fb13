namespace Supervisor.Unix.Tests.Daemon;

public class NativeHeapTests
{
    [Fact]
    public void Resize_KeepsWhatFits()
    {
        using var block = new NativeHeap().Allocate(3);
        "abc"u8.CopyTo(block.Memory.Span);
        block.Resize(1_000_000);
        Assert.Equal(1_000_000, block.Memory.Length);
        block.Memory.Span[3..].Fill((byte)'x');
        block.Resize(4);
        Assert.Equal("abcx"u8, block.Memory.Span);
    }

    [Fact]
    public void Memory_OfADisposedBlock_IsEmpty()
    {
        var block = new NativeHeap().Allocate(3);
        block.Dispose();
        Assert.Equal(0, block.Memory.Length);
        block.Dispose();
    }
}
