using Supervisor.Core.Ports;

namespace Supervisor.Core.Processes;

/// <summary>The daemon's end of a child's stdin: what the pipe does not take at once waits here, in order (QRK-035).</summary>
internal sealed class StdinPipe(ProcessContext context, ManagedProcess process, IPipe pipe) : IPollHandler
{
    private readonly Queue<ReadOnlyMemory<byte>> _waiting = new();
    private bool _watched;
    private bool _closed;

    /// <summary>False when nobody reads any more (EPIPE).</summary>
    public bool TryWrite(ReadOnlySpan<byte> data)
    {
        if (_closed)
        {
            return false;
        }

        if (_waiting.Count == 0)
        {
            var written = WriteNow(data);
            if (written < 0)
            {
                return false;
            }

            data = data[written..];
        }

        if (!data.IsEmpty)
        {
            _waiting.Enqueue(data.ToArray());
            return Watch();
        }

        return true;
    }

    public void OnReadable()
    {
        // An error on the pipe is reported as readable; the write finds out which.
        OnWritable();
    }

    public void OnWritable()
    {
        while (!_closed && _waiting.TryPeek(out var data))
        {
            var written = WriteNow(data.Span);
            if (written < 0)
            {
                return;
            }

            if (written < data.Length)
            {
                ReplaceHead(data[written..]);
                return;
            }

            _waiting.Dequeue();
        }

        if (!_closed)
        {
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
        Unwatch();
        pipe.Dispose();
    }

    private int WriteNow(ReadOnlySpan<byte> data)
    {
        var total = 0;
        while (total < data.Length)
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

    private void ReplaceHead(ReadOnlyMemory<byte> rest)
    {
        // The queue is short: at most one entry per sendProcessStdin that met a full pipe.
        var others = _waiting.Skip(1).ToArray();
        _waiting.Clear();
        _waiting.Enqueue(rest);
        foreach (var other in others)
        {
            _waiting.Enqueue(other);
        }
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
