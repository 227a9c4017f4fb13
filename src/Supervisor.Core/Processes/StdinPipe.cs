using Supervisor.Core.Engine;
using Supervisor.Core.Ports;

namespace Supervisor.Core.Processes;

/// <summary>The daemon's end of a child's stdin: what the pipe does not take at once waits here, in order (QRK-035).</summary>
internal sealed class StdinPipe(ProcessContext context, ManagedProcess process, IPipe pipe) : IPollHandler
{
    /// <summary>
    /// Bytes that may wait behind others. As much as a program that reads catches up with in a moment; one that does not read must not make
    /// the daemon grow. A single text is taken whatever its size when nothing else waits: the request that brought it had a limit.
    /// </summary>
    public const int MostWaiting = 1024 * 1024;

    // Bytes in one turn: a program that reads as fast as it is written to would keep the loop to itself.
    private const int Share = 256 * 1024;

    private readonly Queue<ReadOnlyMemory<byte>> _waiting = new();

    // Of the first in the queue, bytes that are written.
    private int _written;
    private long _bytes;
    private bool _refused;
    private bool _watched;
    private bool _closed;

    /// <summary>All of it or nothing. <see cref="StdinOutcome.NoPipe"/> when nobody reads any more (EPIPE).</summary>
    /// <param name="data">Must not change from now on.</param>
    public StdinOutcome Write(ReadOnlyMemory<byte> data)
    {
        if (_closed)
        {
            return StdinOutcome.NoPipe;
        }

        if (_bytes > 0 && _bytes + data.Length > MostWaiting)
        {
            ReportFull();
            return StdinOutcome.Full;
        }

        var written = 0;
        if (_waiting.Count == 0)
        {
            written = WriteNow(data.Span);
            if (written < 0)
            {
                return StdinOutcome.NoPipe;
            }
        }

        if (written == data.Length)
        {
            return StdinOutcome.Queued;
        }

        _waiting.Enqueue(data[written..]);
        _bytes += data.Length - written;
        return Watch() ? StdinOutcome.Queued : StdinOutcome.NoPipe;
    }

    public void OnReadable()
    {
        // An error on the pipe is reported as readable; the write finds out which.
        OnWritable();
    }

    public void OnWritable()
    {
        for (var left = Share; !_closed && _waiting.TryPeek(out var data);)
        {
            var rest = data.Span[_written..];
            var written = WriteNow(rest[..Math.Min(rest.Length, left)]);
            if (written < 0)
            {
                return;
            }

            _bytes -= written;
            left -= written;
            if (written < rest.Length)
            {
                _written += written;
                return;
            }

            _written = 0;
            _waiting.Dequeue();
        }

        if (!_closed)
        {
            _refused = false;
            Unwatch();
        }
    }

    public void Close()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        _waiting.Clear();
        _bytes = 0;
        Unwatch();
        pipe.Dispose();
    }

    // Once till all of it has been read.
    private void ReportFull()
    {
        if (!_refused)
        {
            _refused = true;
            process.Log.Warn($"{process.Name}: does not read its stdin, {_bytes} bytes wait for it; no more is taken");
        }
    }

    // At most a share.
    private int WriteNow(ReadOnlySpan<byte> data)
    {
        var total = 0;
        while (total < data.Length && total < Share)
        {
            var written = pipe.Write(data[total..]);
            if (written == -Posix.EAGAIN)
            {
                return total;
            }

            if (written == -Posix.EINTR)
            {
                continue;
            }

            if (written < 0)
            {
                ReportAndClose();
                return -1;
            }

            total += written;
        }

        return total;
    }

    private void ReportAndClose()
    {
        var descriptor = pipe.Descriptor;
        Close();
        process.Log.Debug($"fd {descriptor} closed, stopped monitoring <PInputDispatcher at {descriptor} for {process.Repr} (stdin)>");
    }

    // False when it cannot be waited for: nothing would ever write the rest.
    private bool Watch()
    {
        if (_watched)
        {
            return true;
        }

        try
        {
            context.Ports.Poller.Watch(pipe.Descriptor, PollInterest.Write, this);
            return _watched = true;
        }
        catch (PosixException e)
        {
            process.Log.Critical($"{process.Name}: stdin cannot be written any more: {e.Message}");
            Close();
            return false;
        }
    }

    private void Unwatch()
    {
        if (_watched)
        {
            _watched = false;
            context.Ports.Poller.Unwatch(pipe.Descriptor);
        }
    }
}
