using Supervisor.Core.Output;
using Supervisor.Core.Ports;

namespace Supervisor.Core.Processes;

/// <summary>The daemon's end of a child's stdout or stderr: reads when the poller says so and pushes into the sink.</summary>
internal sealed class OutputPipe : IPollHandler
{
    // A grandchild that keeps writing must not hold up the reaping of its dead parent.
    private const int DrainReads = 16;

    private readonly ProcessContext _context;
    private readonly ManagedProcess _process;
    private readonly OutputChannel _channel;
    private readonly IPipe _pipe;
    private bool _closed;

    public OutputPipe(ProcessContext context, ManagedProcess process, OutputChannel channel, IPipe pipe, IOutputSink sink)
    {
        _context = context;
        _process = process;
        _channel = channel;
        _pipe = pipe;
        Sink = sink;
        context.Ports.Poller.Watch(pipe.Descriptor, PollInterest.Read, this);
    }

    public IOutputSink Sink { get; }

    public void OnReadable() => ReadOnce();

    public void OnWritable()
    {
        // Never asked for.
    }

    /// <summary>Reads what is there now, so that output precedes the exit it came before (PSM-034).</summary>
    public void Drain()
    {
        for (var i = 0; i < DrainReads && !_closed && ReadOnce(); i++)
        {
        }
    }

    /// <summary>The process is gone: closes the pipe and the log.</summary>
    public void Finish()
    {
        Release();
        Sink.Close();
    }

    private bool ReadOnce()
    {
        if (_closed)
        {
            return false;
        }

        var count = _pipe.Read(_context.ReadBuffer);
        if (count == -Posix.EAGAIN || count == -Posix.EINTR)
        {
            return false;
        }

        if (count <= 0)
        {
            Close();
            return false;
        }

        var data = _context.ReadBuffer.AsSpan(0, count);
        Sink.Push(data);
        if (_channel == OutputChannel.Stdout)
        {
            _process.Listener?.Receive(data);
        }

        return true;
    }

    private void Close()
    {
        var descriptor = _pipe.Descriptor;
        Release();
        var channel = _channel == OutputChannel.Stdout ? "stdout" : "stderr";
        if (_process.Log.IsEnabled(Configuration.Model.LogLevel.Debug))
        {
            _process.Log.Debug(
                $"fd {descriptor} closed, stopped monitoring <{Kind} at {descriptor} for {_process.Repr} ({channel})>");
        }
    }

    private string Kind => _process.Listener is not null && _channel == OutputChannel.Stdout ? "PEventListenerDispatcher" : "POutputDispatcher";

    private void Release()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        _context.Ports.Poller.Unwatch(_pipe.Descriptor);
        _pipe.Dispose();
    }
}
