using System.Globalization;
using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Engine;
using Supervisor.Core.Events;
using Supervisor.Core.Ports;
using Supervisor.Core.Processes;

namespace Supervisor.Core.Groups;

/// <summary>An eventlistener group: buffers the events it subscribes to and hands them to whichever process is READY (EVT-030..037).</summary>
internal sealed class ListenerPool : ManagedGroup, IEventSubscriber
{
    private readonly SerialCounter _serials = new();
    private readonly LinkedList<SupervisorEvent> _buffer = new();
    private TimeSpan? _heldUntil;

    public ListenerPool(ProcessContext context, GroupConfig config) : base(context, config)
    {
        foreach (var type in config.Events)
        {
            context.Bus.Subscribe(type, this);
        }
    }

    /// <summary>Events waiting, for tests and reports.</summary>
    public int Buffered => _buffer.Count;

    /// <summary>Nothing is being processed, and nothing waits that a listener could still take.</summary>
    public bool Settled => Members.All(p => p.State != ProcessState.Running || p.Listener!.Phase != ListenerPhase.Busy)
        && (_buffer.Count == 0 || !Members.Any(CanTake));

    private IActivityLog Log => Context.Ports.Log;

    public override void Transition()
    {
        base.Transition();
        Dispatch();
    }

    public override void BeforeRemove() => Context.Bus.Unsubscribe(this);

    public void Accept(SupervisorEvent item) => Enqueue(item, atHead: false);

    /// <summary>A process failed the event: it is the next one again (EVT-050), for this pool only (QRK-024).</summary>
    public void PutBack(SupervisorEvent item) => Enqueue(item, atHead: true);

    public override TimeSpan? NextDue()
    {
        var due = base.NextDue();
        return _heldUntil is { } held && !(due <= held) ? held : due;
    }

    /// <summary>Hands over what waits, as long as a process can take it. Does not throw; after an exception it pauses for a moment.</summary>
    public void Dispatch()
    {
        var now = Context.Clock.Elapsed;
        if (_heldUntil is { } until && now < until)
        {
            return;
        }

        _heldUntil = Context.Guard.Run(this, "handing events over", static p => p.HandOver()) ? null : now + FaultGuard.Pace;
        Context.Dirty |= _heldUntil is not null;
    }

    private void HandOver()
    {
        if (!Members.Any(CanTake))
        {
            return;
        }

        while (_buffer.First is { } oldest)
        {
            _buffer.RemoveFirst();
            bool sent;
            try
            {
                sent = TrySend(oldest.Value);
            }
            catch
            {
                // Not lost; not asked for again at once either.
                _buffer.AddFirst(oldest);
                throw;
            }

            if (!sent)
            {
                Enqueue(oldest.Value, atHead: true);
                return;
            }
        }
    }

    private static bool CanTake(ManagedProcess process) =>
        process.State == ProcessState.Running && process.Listener!.Phase == ListenerPhase.Ready;

    private bool TrySend(SupervisorEvent item)
    {
        foreach (var process in Members.Where(CanTake))
        {
            var envelope = EventEnvelope.Encode(item, Context.Settings.Identifier, Name);
            if (process.WriteStdin(envelope) != StdinOutcome.Queued)
            {
                Log.Debug(string.Create(
                    CultureInfo.InvariantCulture,
                    $"epipe occurred while sending event {item.Serial} to listener {process.Name}, listener state unchanged"));
                continue;
            }

            process.Listener!.Begin(item);
            Context.ListenerSpeaks = true;
            if (Log.IsEnabled(LogLevel.Debug))
            {
                Log.Debug(string.Create(CultureInfo.InvariantCulture, $"event {item.Serial} sent to listener {process.Name}"));
            }

            return true;
        }

        return false;
    }

    private void Enqueue(SupervisorEvent item, bool atHead)
    {
        item.Serial ??= Context.Bus.Serials.Next();
        if (item.PoolSerial(Name) is null)
        {
            item.SetPoolSerial(Name, _serials.Next());
        }
        else if (Log.IsEnabled(LogLevel.Debug))
        {
            Log.Debug(string.Create(
                CultureInfo.InvariantCulture,
                $"rebuffering event {item.Serial} for pool {Name} (buf size={_buffer.Count}, max={Config.BufferSize})"));
        }

        if (_buffer.Count >= Config.BufferSize && _buffer.First is { } discarded)
        {
            _buffer.RemoveFirst();
            Log.Error(string.Create(
                CultureInfo.InvariantCulture, $"pool {Name} event buffer overflowed, discarding event {discarded.Value.Serial}"));
        }

        if (atHead)
        {
            _buffer.AddFirst(item);
        }
        else
        {
            _buffer.AddLast(item);
        }

        Context.EventsMove = true;
    }
}
