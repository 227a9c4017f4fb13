using System.Text;
using Supervisor.Core.Engine;

namespace Supervisor.Core.Events;

/// <summary>A receiver of events, i.e. a listener pool.</summary>
internal interface IEventSubscriber
{
    void Accept(SupervisorEvent item);
}

/// <summary>
/// Subscriptions in the order they were made. Overlapping ones deliver the same event once for each (EVT-034). Global serials go on over
/// restarts of the daemon in the same process (DMN-073).
/// </summary>
internal sealed class EventBus(SerialCounter serials, FaultGuard guard)
{
    private readonly List<(EventType Type, IEventSubscriber Subscriber)> _subscriptions = [];

    public SerialCounter Serials => serials;

    public void Subscribe(EventType type, IEventSubscriber subscriber) => _subscriptions.Add((type, subscriber));

    public void Unsubscribe(IEventSubscriber subscriber) => _subscriptions.RemoveAll(s => ReferenceEquals(s.Subscriber, subscriber));

    public bool HasSubscriber(EventType type)
    {
        foreach (var (subscribed, _) in _subscriptions)
        {
            if (type.Is(subscribed))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Delivers at once and does not throw: what happened has happened, whether it can be announced or not. The payload is only made when somebody
    /// wants it.
    /// </summary>
    public void Notify(EventType type, Func<string> payload)
    {
        if (HasSubscriber(type))
        {
            guard.Run((this, type, payload), "an event", static x => x.Item1.Notify(x.type, Encoding.UTF8.GetBytes(x.payload())));
        }
    }

    /// <summary>Delivers at once; a subscriber that throws costs the others nothing.</summary>
    public void Notify(EventType type, byte[] payload)
    {
        var item = new SupervisorEvent(type, payload);
        foreach (var (subscribed, subscriber) in _subscriptions)
        {
            if (type.Is(subscribed))
            {
                guard.Run((subscriber, item), "the delivery of an event", static x => x.subscriber.Accept(x.item));
            }
        }
    }
}
