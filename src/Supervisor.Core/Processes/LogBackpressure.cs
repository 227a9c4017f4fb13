using Supervisor.Core.Output;
using Supervisor.Core.Ports;

namespace Supervisor.Core.Processes;

/// <summary>The time in which a channel is not read because its log, a pipe or terminal, takes no more.</summary>
internal sealed class LogBackpressure : IPollHandler, IDisposable
{
    // Shorter ones are a reader that is merely slower than the program.
    private static readonly TimeSpan s_worthTelling = TimeSpan.FromSeconds(5);

    private readonly ProcessContext _context;
    private readonly int _descriptor;
    private readonly IOutputSink _sink;
    private readonly Action _over;
    private string? _told;

    /// <exception cref="PosixException">The log cannot be watched.</exception>
    public LogBackpressure(ProcessContext context, int descriptor, IOutputSink sink, Action over)
    {
        _context = context;
        _descriptor = descriptor;
        _sink = sink;
        _over = over;
        context.Ports.Poller.Watch(descriptor, PollInterest.Write, this);
        Due = context.Clock.Elapsed + s_worthTelling;
        context.Dirty = true;
    }

    /// <summary>When it is long enough to be told; null when it has been.</summary>
    public TimeSpan? Due { get; private set; }

    public void Tell(string log)
    {
        if (Due <= _context.Clock.Elapsed)
        {
            Due = null;
            _told = log;
            _context.Ports.Log.Warn($"{log} has taken nothing for {s_worthTelling.TotalSeconds} seconds, the program waits until it does");
        }
    }

    public void OnReadable()
    {
        // Never asked for.
    }

    public void OnWritable()
    {
        _sink.Resume();
        if (_sink.BlockedOn is null)
        {
            if (_told is not null)
            {
                _context.Ports.Log.Info($"{_told} takes output again");
            }

            _over();
        }
    }

    public void Dispose() => _context.Ports.Poller.Unwatch(_descriptor);
}
