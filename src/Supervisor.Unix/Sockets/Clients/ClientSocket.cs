using System.Net;
using System.Runtime.CompilerServices;
using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>A client's non-blocking socket as a stream; <see cref="SocketLoop"/> tells when it is ready.</summary>
internal sealed class ClientSocket : ClientStream, ISocketEvents
{
    // So many full buffers one after the other, and the next client has its turn.
    private const int Share = 16;

    // What an orderly end passes over, so that the client is not told of a reset instead of the last answer.
    private const int Farewell = 1 << 20;

    private readonly SocketLoop _loop;
    private readonly AsyncAutoResetEvent _readable = new();
    private readonly RemoteAddress _remote;

    // Made when there is first something to wait for.
    private AsyncAutoResetEvent? _writable;
    private CancellationTokenSource? _gone;
    private int _descriptor;
    private volatile bool _ended;

    // The loop tells of what is there already; till then a reader need not hold a buffer.
    private bool _drained = true;
    private int _inARow;

    /// <summary>Takes over the descriptor, also when it throws <see cref="PosixException"/>.</summary>
    public ClientSocket(SocketLoop loop, int descriptor, RemoteAddress remote)
    {
        _loop = loop;
        _descriptor = descriptor;
        _remote = remote;
        try
        {
            loop.Watch(descriptor, Libc.EPOLLIN | Libc.EPOLLOUT | Libc.EPOLLRDHUP, this);
        }
        catch
        {
            Libc.Close(descriptor);
            throw;
        }
    }

    public override IPEndPoint? Remote => _remote.ToEndPoint();

    ulong ISocketEvents.Registration { get; set; }

    public override CancellationToken Gone
    {
        get
        {
            lock (Gate)
            {
                if (_gone is null)
                {
                    _gone = new CancellationTokenSource();
                    if (_ended)
                    {
                        _gone.Cancel();
                    }
                }

                return _gone.Token;
            }
        }
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>A read of nothing waits until there is something, or the end.</summary>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<int>(cancellationToken);
        }

        if (Expects && _inARow < Share)
        {
            if (buffer.IsEmpty)
            {
                return new(0);
            }

            if (TryReceive(buffer.Span, out var count))
            {
                return new(count);
            }
        }

        return ReceiveLaterAsync(buffer, cancellationToken);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        var sent = TrySend(buffer.Span);
        return sent == buffer.Length ? ValueTask.CompletedTask : SendLaterAsync(buffer[sent..], cancellationToken);
    }

    public override unsafe int TrySend(ReadOnlySpan<byte> data)
    {
        var done = 0;
        while (done < data.Length)
        {
            nint count;
            fixed (byte* start = data[done..])
            {
                count = Libc.send(_descriptor, start, data.Length - done, Libc.MSG_NOSIGNAL);
            }

            if (count >= 0)
            {
                done += (int)count;
                continue;
            }

            switch (Libc.Errno)
            {
                case Posix.EINTR:
                    break;
                case Posix.EAGAIN:
                    return done;
                case var errno:
                    throw Broken(errno);
            }
        }

        return done;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Abort()
    {
        lock (Gate)
        {
            if (_descriptor >= 0)
            {
                _ = Libc.shutdown(_descriptor, Libc.SHUT_RDWR);
            }
        }
    }

    void ISocketEvents.On(uint events)
    {
        const uint Trouble = Libc.EPOLLERR | Libc.EPOLLHUP;
        if ((events & (Trouble | Libc.EPOLLRDHUP)) != 0)
        {
            // Before the reader is woken: no other event follows.
            _ended = true;
            CancellationTokenSource? gone;
            lock (Gate)
            {
                gone = _gone;
            }

            gone?.Cancel();
        }

        if ((events & (Libc.EPOLLIN | Libc.EPOLLRDHUP | Trouble)) != 0)
        {
            _readable.Signal();
        }

        if ((events & (Libc.EPOLLOUT | Trouble)) != 0)
        {
            Volatile.Read(ref _writable)?.Signal();
        }
    }

    protected override void Dispose(bool disposing)
    {
        int descriptor;
        lock (Gate)
        {
            (descriptor, _descriptor) = (_descriptor, -1);
        }

        if (descriptor >= 0)
        {
            _loop.Unwatch(descriptor, this);
            _ = Libc.shutdown(descriptor, Libc.SHUT_WR);
            PassOver(descriptor);
            Libc.Close(descriptor);
        }

        base.Dispose(disposing);
    }

    // Of the descriptor and _gone. Nobody else locks it, and a lock of its own would be one more object for each client.
    private AsyncAutoResetEvent Gate => _readable;

    // A short read has taken everything there was, so that the next event tells of more; but none follows the end.
    private bool Expects => !_drained || _ended;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReceiveLaterAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (Expects)
        {
            await new LoopYield(_loop);
        }
        else
        {
            await _readable.WaitAsync(cancellationToken);
        }

        while (true)
        {
            _inARow = 0;
            _drained = false;
            if (buffer.IsEmpty)
            {
                return 0;
            }

            if (TryReceive(buffer.Span, out var count))
            {
                return count;
            }

            await _readable.WaitAsync(cancellationToken);
        }
    }

    private async ValueTask SendLaterAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_writable is null)
        {
            // An event before this was missed: hence a try before the first wait.
            Interlocked.Exchange(ref _writable, new AsyncAutoResetEvent());
            buffer = buffer[TrySend(buffer.Span)..];
        }

        while (!buffer.IsEmpty)
        {
            await _writable.WaitAsync(cancellationToken);
            buffer = buffer[TrySend(buffer.Span)..];
        }
    }

    // False when there is nothing.
    private unsafe bool TryReceive(Span<byte> buffer, out int count)
    {
        while (true)
        {
            fixed (byte* start = buffer)
            {
                count = (int)Libc.recv(_descriptor, start, buffer.Length, 0);
            }

            if (count >= 0)
            {
                _drained = count < buffer.Length;
                _inARow++;
                return true;
            }

            switch (Libc.Errno)
            {
                case Posix.EINTR:
                    break;
                case Posix.EAGAIN:
                    _drained = true;
                    return false;
                case var errno:
                    throw Broken(errno);
            }
        }
    }

    private static unsafe void PassOver(int descriptor)
    {
        var buffer = stackalloc byte[4096];
        for (var passed = 0; passed < Farewell;)
        {
            var count = (int)Libc.recv(descriptor, buffer, 4096, Libc.MSG_DONTWAIT);
            if (count <= 0)
            {
                return;
            }

            passed += count;
        }
    }

    private static IOException Broken(int errno) => new(Posix.Describe(errno), new PosixException(errno));
}
