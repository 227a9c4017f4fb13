using System.Buffers;
using System.Runtime.InteropServices;
using Supervisor.Core.Ports;

namespace Supervisor.Unix;

/// <summary>malloc(3) and realloc(3), which grows what is large without copying it.</summary>
public sealed class NativeHeap : INativeMemory
{
    public INativeBlock Allocate(int size)
    {
        var block = new Block();
        block.Resize(size);
        return block;
    }

    private sealed unsafe class Block : MemoryManager<byte>, INativeBlock
    {
        private byte* _start;
        private int _size;

        public void Resize(int size)
        {
            _start = (byte*)NativeMemory.Realloc(_start, (nuint)size);
            _size = size;
        }

        public override Span<byte> GetSpan() => new(_start, _size);

        public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex);

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
            NativeMemory.Free(_start);
            _start = null;
            _size = 0;
        }
    }
}
