using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Supervisor.Server.Http;

/// <summary>
/// What has come from a client and was not used yet, in one piece of memory: a head is all there or grows until it is, a body is taken away as
/// it comes. Holds no memory while it waits with nothing left.
/// </summary>
/// <param name="stream">A read of nothing from it must wait for the first byte.</param>
internal sealed class ClientReader(Stream stream) : PipeReader
{
    private const int Smallest = 1024;
    private const int Largest = 64 * 1024;

    private byte[] _buffer = [];
    private ReadOnlySequence<byte> _shown;
    private int _start;
    private int _end;

    // Twice as large while reads fill what they are given.
    private int _size = Smallest;
    private bool _looked;
    private bool _completed;

    public override bool TryRead(out ReadResult result)
    {
        if (_completed || (_start < _end && !_looked))
        {
            result = Show();
            return true;
        }

        result = default;
        return false;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        TryRead(out var result) ? new(result) : FillAsync(cancellationToken);

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _looked = _shown.Slice(examined).IsEmpty;
        _start += (int)_shown.Slice(_shown.Start, consumed).Length;
        _shown = default;
    }

    public override void CancelPendingRead() => throw new NotSupportedException();

    public override void Complete(Exception? exception = null) => Release();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> FillAsync(CancellationToken cancellationToken)
    {
        if (_start == _end)
        {
            Release();
            _ = await stream.ReadAsync(Memory<byte>.Empty, cancellationToken);
        }

        MakeRoom();
        var room = _buffer.AsMemory(_end);
        var count = await stream.ReadAsync(room, cancellationToken);
        _size = count < room.Length ? Smallest : Math.Min(2 * _size, Largest);
        _completed = count == 0;
        _end += count;
        _looked = false;
        return Show();
    }

    private ReadResult Show()
    {
        _shown = new ReadOnlySequence<byte>(_buffer, _start, _end - _start);
        return new ReadResult(_shown, isCanceled: false, isCompleted: _completed);
    }

    private void MakeRoom()
    {
        if (_end < _buffer.Length)
        {
            return;
        }

        var kept = _end - _start;
        if (_start > 0 && kept <= _buffer.Length / 2)
        {
            Buffer.BlockCopy(_buffer, _start, _buffer, 0, kept);
        }
        else
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_size, 2 * kept));
            Buffer.BlockCopy(_buffer, _start, larger, 0, kept);
            Release();
            _buffer = larger;
        }

        (_start, _end) = (0, kept);
    }

    private void Release()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }

        (_start, _end) = (0, 0);
    }
}
