using System.Buffers;
using Supervisor.Server.Tail;

namespace Supervisor.Server.Live;

/// <summary>
/// A log as events of the type <c>log</c>, whose data is a piece of text as one JSON string. The id of each is the position behind it, so a
/// client that comes back misses nothing.
/// </summary>
internal sealed class LogStream(LogFiles logs, string path, long tail, LogPosition? from)
{
    // Nobody reads that fast: a client this far behind is better served by the end.
    private const long MaximumLag = 4 * 1024 * 1024;

    private readonly LogFollower _follower = new(logs, path, tail, MaximumLag);
    private readonly Utf8Pieces _pieces = new();
    private long _lastWrite = Environment.TickCount64;

    public async Task RunAsync(Func<ReadOnlyMemory<byte>, Task> write, CancellationToken ended)
    {
        await write(ServerSentEvents.Opening);
        await _follower.RunAsync(
            async bytes =>
            {
                var text = _pieces.Take(bytes.Span);
                var position = _follower.Position;
                await WriteAsync(write, Event(text, position with { Offset = Math.Max(0, position.Offset - _pieces.Waiting) }));
            },
            ended,
            from,
            () => Environment.TickCount64 - _lastWrite >= ServerSentEvents.HeartbeatPeriod.TotalMilliseconds
                ? WriteAsync(write, ServerSentEvents.Heartbeat)
                : Task.CompletedTask);
    }

    private Task WriteAsync(Func<ReadOnlyMemory<byte>, Task> write, ReadOnlyMemory<byte> data)
    {
        _lastWrite = Environment.TickCount64;
        return write(data);
    }

    private static ReadOnlyMemory<byte> Event(string text, LogPosition position)
    {
        var output = new ArrayBufferWriter<byte>();
        ServerSentEvents.Write(output, "log", position.ToString(), json => json.WriteStringValue(text));
        return output.WrittenMemory;
    }
}
