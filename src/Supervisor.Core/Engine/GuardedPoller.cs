using Supervisor.Core.Ports;

namespace Supervisor.Core.Engine;

/// <summary>
/// The poller as the engine uses it. A handler that throws costs the others of its batch nothing, and its descriptor is not watched for a moment:
/// what is left unread would be reported again at once, and without end.
/// </summary>
internal sealed class GuardedPoller(IPoller inner, FaultGuard guard, EngineClock clock) : IPoller
{
    private readonly Dictionary<int, Watched> _watched = [];
    private readonly List<Watched> _paused = [];

    /// <summary>When <see cref="Resume"/> has something to do, on the monotonic clock.</summary>
    public TimeSpan? NextDue => _paused.Count == 0 ? null : _paused.Min(p => p.ResumeAt);

    public void Watch(int descriptor, PollInterest interest, IPollHandler handler)
    {
        if (!_watched.TryGetValue(descriptor, out var watched))
        {
            _watched.Add(descriptor, watched = new Watched(this, descriptor));
        }

        watched.Handler = handler;
        watched.Interest = interest;
        _paused.Remove(watched);
        try
        {
            inner.Watch(descriptor, interest, watched);
        }
        catch
        {
            _watched.Remove(descriptor);
            throw;
        }
    }

    /// <summary>Does not throw: the caller is about to close the descriptor, and must get to that.</summary>
    public void Unwatch(int descriptor)
    {
        if (_watched.Remove(descriptor, out var watched))
        {
            _paused.Remove(watched);
        }

        guard.Run((inner, descriptor), "the end of a watch", static x => x.inner.Unwatch(x.descriptor));
    }

    /// <summary>Watches again what has been paused long enough.</summary>
    public void Resume()
    {
        if (_paused.Count == 0)
        {
            return;
        }

        var now = clock.Elapsed;
        foreach (var watched in _paused.Where(p => p.ResumeAt <= now).ToArray())
        {
            watched.ResumeAt = now + FaultGuard.Pace;
            if (guard.Run(watched, "the watch", static w => w.WatchAgain()))
            {
                _paused.Remove(watched);
            }
        }
    }

    private void Run(Watched watched, Action<IPollHandler> step)
    {
        if (watched.Handler is not { } handler || guard.Run(handler, "the handler", step) || !IsCurrent(watched))
        {
            return;
        }

        watched.ResumeAt = clock.Elapsed + FaultGuard.Pace;
        if (guard.Run(watched, "the pause", static w => w.Silence()))
        {
            _paused.Add(watched);
        }
    }

    private bool IsCurrent(Watched watched) => _watched.TryGetValue(watched.Descriptor, out var current) && ReferenceEquals(current, watched);

    private sealed class Watched(GuardedPoller owner, int descriptor) : IPollHandler
    {
        public int Descriptor => descriptor;

        public IPollHandler? Handler { get; set; }

        public PollInterest Interest { get; set; }

        public TimeSpan ResumeAt { get; set; }

        public void OnReadable() => owner.Run(this, static h => h.OnReadable());

        public void OnWritable() => owner.Run(this, static h => h.OnWritable());

        public void WatchAgain() => owner.Inner.Watch(descriptor, Interest, this);

        public void Silence() => owner.Inner.Watch(descriptor, PollInterest.None, this);

        public override string ToString() => Handler?.ToString() ?? "a descriptor";
    }

    private IPoller Inner => inner;
}
