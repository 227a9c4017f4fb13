using Supervisor.Core.Events;

namespace Supervisor.Server.Live;

/// <summary>
/// What waits for one client. The loop puts in and never waits: when the client is too slow, everything is thrown away and the client is told
/// the whole state anew.
/// </summary>
internal sealed class EventFeed
{
    private const int MostEvents = 1024;
    private const int MostCharacters = 256 * 1024;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _something = new(0, 1);
    private List<EventNotice> _events = [];
    private int _characters;
    private bool _lost;
    private ReadOnlyMemory<byte>? _usage;

    /// <summary>Callable from any thread; returns at once.</summary>
    public void Post(EventNotice item)
    {
        lock (_gate)
        {
            _characters += item.Payload.Length;
            // A single one may be as large as it likes.
            if (_events.Count >= MostEvents || (_events.Count > 0 && _characters > MostCharacters))
            {
                _lost = true;
                _events = [];
                _characters = 0;
            }

            if (!_lost)
            {
                _events.Add(item);
            }

            Wake();
        }
    }

    /// <summary>An event that is ready to be sent; only the latest counts.</summary>
    public void PostUsage(ReadOnlyMemory<byte> item)
    {
        lock (_gate)
        {
            _usage = item;
            Wake();
        }
    }

    /// <summary>Waits until something is there; false after <paramref name="timeout"/>.</summary>
    public Task<bool> WaitAsync(TimeSpan timeout, CancellationToken ended) => _something.WaitAsync(timeout, ended);

    /// <summary>Takes all that is there. <c>Lost</c>: there was more, and the client must learn the state anew.</summary>
    public (IReadOnlyList<EventNotice> Events, bool Lost, ReadOnlyMemory<byte>? Usage) Take()
    {
        lock (_gate)
        {
            var taken = (_events, _lost, _usage);
            _events = [];
            _characters = 0;
            _lost = false;
            _usage = null;
            return taken;
        }
    }

    // Continuations of the semaphore run on the pool, not here.
    private void Wake()
    {
        if (_something.CurrentCount == 0)
        {
            _something.Release();
        }
    }
}
