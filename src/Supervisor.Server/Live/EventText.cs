using System.Text.Json;
using Supervisor.Core.Events;
using Supervisor.Core.Processes;
using Supervisor.Server.Api;
using Supervisor.Server.Rpc;

namespace Supervisor.Server.Live;

/// <summary>
/// An event taken apart. Payloads are, by type,
/// <code>
/// NAME:VALUE (" " NAME:VALUE)* [LF BODY]
/// type:ANY TEXT LF BODY                       (REMOTE_COMMUNICATION)
/// </code>
/// </summary>
internal sealed class EventText
{
    private readonly List<KeyValuePair<string, string>> _headers;
    private readonly string _body;

    private EventText(EventType type, List<KeyValuePair<string, string>> headers, string body)
    {
        Type = type;
        _headers = headers;
        _body = body;
    }

    public EventType Type { get; }

    public string? this[string name] => _headers.Find(h => h.Key == name).Value;

    public static EventText Parse(EventNotice notice)
    {
        var end = notice.Payload.IndexOf('\n', StringComparison.Ordinal);
        var line = end < 0 ? notice.Payload : notice.Payload[..end];
        var words = notice.Type == EventType.RemoteCommunication ? [line] : line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var headers = new List<KeyValuePair<string, string>>(words.Length);
        foreach (var word in words)
        {
            var colon = word.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                headers.Add(new(word[..colon], word[(colon + 1)..]));
            }
        }

        return new EventText(notice.Type, headers, end < 0 ? "" : notice.Payload[(end + 1)..]);
    }

    /// <summary>As the data of a server-sent event.</summary>
    public void Write(Utf8JsonWriter json, IReadOnlyList<ProcessReport> about)
    {
        json.WriteStartObject();
        json.WriteString("event", Type.WireName());
        json.WriteStartObject("headers");
        foreach (var (name, value) in _headers)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.WriteString("body", _body);
        json.WriteStartArray("processes");
        foreach (var report in about)
        {
            JsonText.Write(json, SupervisorApi.Struct(report));
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
