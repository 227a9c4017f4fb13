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
    private LogBackpressure? _pause;

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
        // Never asked for: the log has a handler of its own.
    }

    /// <summary>When <see cref="TellPause"/> has something to tell, on the monotonic clock.</summary>
    internal TimeSpan? PauseDue => _pause?.Due;

    /// <summary>Says so when the log has held up the program for long.</summary>
    internal void TellPause() => _pause?.Tell($"{_process.Name}: the log of {ChannelName}");

    /// <summary>Something is done to the sink's file, which may change its descriptor.</summary>
    internal void Handle(Action<IOutputSink> action)
    {
        EndPause();
        action(Sink);
        PauseIfBlocked();
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
        EndPause();
        try
        {
            Release();
        }
        finally
        {
            Sink.Close();
        }

        if (Sink.BlockedOn is not null)
        {
            _context.Lingering.Add($"{_process.Group.Name}:{_process.Name}:{ChannelName}", Sink);
        }
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

        PauseIfBlocked();
        return true;
    }

    // A full log stops the reading of this channel and of nothing else: the program waits, as it would if it wrote there itself.
    private void PauseIfBlocked()
    {
        if (_pause is not null || _closed || Sink.BlockedOn is not { } descriptor)
        {
            return;
        }

        try
        {
            _pause = new LogBackpressure(_context, descriptor, Sink, EndPause);
            _context.Ports.Poller.Watch(_pipe.Descriptor, PollInterest.None, this);
        }
        catch (PosixException)
        {
            // Cannot be waited for: what comes next tries again.
            _pause = null;
        }
    }

    private void EndPause()
    {
        if (_pause is null)
        {
            return;
        }

        _pause.Dispose();
        _pause = null;
        if (!_closed)
        {
            Watch();
        }
    }

    private void Watch()
    {
        try
        {
            _context.Ports.Poller.Watch(_pipe.Descriptor, PollInterest.Read, this);
        }
        catch (PosixException e)
        {
            _process.Log.Critical($"{_process.Name}: {ChannelName} cannot be read any more: {e.Message}");
            Release();
        }
    }

    private string ChannelName => _channel == OutputChannel.Stdout ? "stdout" : "stderr";

    private void Close()
    {
        var descriptor = _pipe.Descriptor;
        Release();
        if (_process.Log.IsEnabled(Configuration.Model.LogLevel.Debug))
        {
            _process.Log.Debug(
                $"fd {descriptor} closed, stopped monitoring <{Kind} at {descriptor} for {_process.Repr} ({ChannelName})>");
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
