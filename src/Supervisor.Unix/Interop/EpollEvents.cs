using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Supervisor.Unix.Interop;

/// <summary>
/// An array of <c>struct epoll_event</c>: 32 bits of events and 64 bits of data, packed to 12 bytes on x64 and aligned to 16 elsewhere.
/// </summary>
internal sealed class EpollEvents(int capacity)
{
    private static readonly bool s_packed = RuntimeInformation.ProcessArchitecture == Architecture.X64;
    private static readonly int s_dataOffset = s_packed ? 4 : 8;

    /// <summary>Bytes of one.</summary>
    internal static int Stride { get; } = s_packed ? 12 : 16;

    internal byte[] Bytes { get; } = GC.AllocateArray<byte>(capacity * Stride, pinned: true);

    internal int Capacity { get; } = capacity;

    internal void Set(int index, uint events, ulong data) => Write(Bytes.AsSpan(index * Stride, Stride), events, data);

    internal static void Write(Span<byte> slot, uint events, ulong data)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(slot, events);
        BinaryPrimitives.WriteUInt64LittleEndian(slot[s_dataOffset..], data);
    }

    internal (uint Events, ulong Data) Get(int index)
    {
        var slot = Bytes.AsSpan(index * Stride, Stride);
        return (BinaryPrimitives.ReadUInt32LittleEndian(slot), BinaryPrimitives.ReadUInt64LittleEndian(slot[s_dataOffset..]));
    }
}
