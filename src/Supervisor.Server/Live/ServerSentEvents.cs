using System.Buffers;
using System.Text;
using System.Text.Json;
using Supervisor.Server.Api;

namespace Supervisor.Server.Live;

/// <summary>
/// The text/event-stream format. Data is JSON, which has no line ends of its own, so that an event is
/// <code>
/// [event: TYPE] [id: ID] data: JSON (empty line)
/// </code>
/// </summary>
internal static class ServerSentEvents
{
    /// <summary>How long a client waits before it comes back.</summary>
    private const int RetryMilliseconds = 2000;

    /// <summary>A comment in this distance keeps proxies from closing the connection, and finds out who has gone.</summary>
    public static readonly TimeSpan HeartbeatPeriod = TimeSpan.FromSeconds(15);

    public static ReadOnlyMemory<byte> Heartbeat { get; } = ": \n\n"u8.ToArray();

    public static ReadOnlyMemory<byte> Opening { get; } = Encoding.ASCII.GetBytes($"retry: {RetryMilliseconds}\n\n");

    /// <summary>Appends an event.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="type">Name of the event; of our own making, without line ends.</param>
    /// <param name="id">What the client shows when it comes back, or null.</param>
    /// <param name="data">Writes one JSON value.</param>
    public static void Write(IBufferWriter<byte> output, string type, string? id, Action<Utf8JsonWriter> data)
    {
        output.Write(Encoding.ASCII.GetBytes($"event: {type}\n"));
        if (id is not null)
        {
            output.Write(Encoding.ASCII.GetBytes($"id: {id}\n"));
        }

        output.Write("data: "u8);
        using (var json = JsonText.Writer(output))
        {
            data(json);
        }

        output.Write("\n\n"u8);
    }
}
