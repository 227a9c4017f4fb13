namespace Supervisor.Core.Events;

/// <summary>An event as a watcher sees it.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Payload">As in the listener protocol.</param>
public sealed record EventNotice(EventType Type, string Payload);

/// <summary>Hands events on to somebody outside the engine. Takes no serial, so listeners see no gap.</summary>
internal sealed class EventWatcher(Action<EventNotice> receive) : IEventSubscriber
{
    public void Accept(SupervisorEvent item) => receive(new EventNotice(item.Type, item.Text));
}
