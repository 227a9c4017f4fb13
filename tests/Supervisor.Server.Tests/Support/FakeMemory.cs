using Supervisor.Core.Ports;

namespace Supervisor.Server.Tests.Support;

/// <summary>Counts what is held.</summary>
internal sealed class FakeMemory : INativeMemory
{
    public int Held { get; private set; }

    public INativeBlock Allocate(int size)
    {
        var block = new Block(this);
        block.Resize(size);
        return block;
    }

    private sealed class Block(FakeMemory all) : INativeBlock
    {
        private byte[] _bytes = [];

        public Memory<byte> Memory => _bytes;

        public void Resize(int size)
        {
            all.Held += size - _bytes.Length;
            Array.Resize(ref _bytes, size);
        }

        public void Dispose() => Resize(0);
    }
}
