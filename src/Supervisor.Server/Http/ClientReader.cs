using System.Runtime.CompilerServices;
using Supervisor.Core.Ports;

namespace Supervisor.Server.Http;

/// <summary>
/// What has come from a client and was not used yet, in one piece: a head is all there or grows until it is, a body is taken away as it comes.
/// Outside the collector's reach, because thousands of clients may leave us half way; holds nothing while it waits with nothing left.
/// </summary>
/// <param name="stream">A read of nothing from it must wait for the first byte.</param>
/// <param name="memory">Where it lies.</param>
internal sealed class ClientReader(Stream stream, INativeMemory memory) : IDisposable
{
    private const int Smallest = 1024;
    private const int Largest = 64 * 1024;

    private INativeBlock? _block;
    private int _start;
    private int _end;

    // Twice as large while reads fill what they are given.
    private int _size = Smallest;

    /// <summary>Valid until more is read.</summary>
    public ReadOnlySpan<byte> Buffered => _block is null ? default : _block.Memory.Span[_start.._end];

    /// <summary>Takes the first bytes of <see cref="Buffered"/>, which stay valid until more is read.</summary>
    public ReadOnlyMemory<byte> Consume(int count)
    {
        _start += count;
        return _block is null ? default : _block.Memory[(_start - count).._start];
    }

    /// <summary>Waits for more to be <see cref="Buffered"/>; false when nothing will come. Throws what reading throws.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_start == _end)
        {
            Release();
            _ = await stream.ReadAsync(Memory<byte>.Empty, cancellationToken);
        }

        var room = MakeRoom();
        var count = await stream.ReadAsync(room, cancellationToken);
        _size = count < room.Length ? Smallest : Math.Min(2 * _size, Largest);
        _end += count;
        return count > 0;
    }

    /// <summary>What is <see cref="Buffered"/>, or else what comes, without a detour; 0 when nothing will come. Throws what reading throws.</summary>
    public ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        var count = Math.Min(_end - _start, destination.Length);
        if (count > 0)
        {
            Consume(count).CopyTo(destination);
            return new(count);
        }

        Release();
        return stream.ReadAsync(destination, cancellationToken);
    }

    public void Dispose() => Release();

    // What is read later takes some again.
    private void Release()
    {
        _block?.Dispose();
        _block = null;
        (_start, _end) = (0, 0);
    }

    private Memory<byte> MakeRoom()
    {
        if (_block is null)
        {
            _block = memory.Allocate(_size);
        }
        else if (_end == _block.Memory.Length)
        {
            var all = _block.Memory;
            var kept = _end - _start;
            all[_start.._end].CopyTo(all);
            (_start, _end) = (0, kept);
            if (kept > all.Length / 2)
            {
                _block.Resize(Math.Max(_size, 2 * kept));
            }
        }

        return _block.Memory[_end..];
    }
}
