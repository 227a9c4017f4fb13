using System.Buffers;
using Supervisor.Rpc.Contract;

namespace Supervisor.Server.Api;

/// <summary>A growing document whose memory is counted while it grows.</summary>
/// <param name="lease">Of the answer.</param>
internal sealed class JsonOutput(AnswerLease lease) : IBufferWriter<byte>
{
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private int _counted;

    public ReadOnlyMemory<byte> Written => _buffer.WrittenMemory;

    /// <exception cref="AnswerTooLongException">The lease has no room for it.</exception>
    public void Advance(int count)
    {
        Count(count);
        _buffer.Advance(count);
    }

    /// <exception cref="AnswerTooLongException">The lease has no room for it.</exception>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Count(sizeHint);
        return _buffer.GetMemory(sizeHint);
    }

    /// <exception cref="AnswerTooLongException">The lease has no room for it.</exception>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Count(sizeHint);
        return _buffer.GetSpan(sizeHint);
    }

    private void Count(int bytes)
    {
        var needed = _buffer.WrittenCount + bytes;
        if (needed > _counted)
        {
            lease.Take(needed - _counted);
            _counted = needed;
        }
    }
}
