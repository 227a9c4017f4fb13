using System.Buffers;
using Supervisor.Core.Engine;
using Supervisor.Core.Events;
using Supervisor.Core.Processes;

namespace Supervisor.Server.Live;

/// <summary>
/// One client's stream: a snapshot, then what happens. It costs the loop nothing but a note per event; reports are looked up by this
/// client's own thread, when it is ready for them.
/// </summary>
internal sealed class EventStream(ISupervisorLoop loop, IReadOnlyList<EventType> types, UsageMeter? meter, string? calls)
{
    private readonly EventFeed _feed = new();

    /// <summary>Runs until the client or the daemon ends.</summary>
    public async Task RunAsync(Func<ReadOnlyMemory<byte>, Task> write, CancellationToken ended)
    {
        // In one visit, so that nothing happens between the two.
        var (stop, snapshot) = await loop.InvokeAsync(s => (s.Watch(types, _feed.Post), Snapshot.Take(s)));
        try
        {
            await write(ServerSentEvents.Opening);
            await write(Text(snapshot));
            meter?.Add(_feed);
            while (true)
            {
                if (!await _feed.WaitAsync(ServerSentEvents.HeartbeatPeriod, ended))
                {
                    await write(ServerSentEvents.Heartbeat);
                    continue;
                }

                var (events, lost, usage) = _feed.Take();
                if (lost)
                {
                    await write(Text(await loop.QueryAsync(Snapshot.Take)));
                }
                else if (events.Count > 0)
                {
                    await write(await TextAsync(events));
                }

                if (usage is { } figures)
                {
                    await write(figures);
                }
            }
        }
        finally
        {
            meter?.Remove(_feed);
            await StopAsync(stop);
        }
    }

    private ReadOnlyMemory<byte> Text(Snapshot snapshot)
    {
        var output = new ArrayBufferWriter<byte>();
        ServerSentEvents.Write(output, "snapshot", null, json => snapshot.Write(json, calls));
        return output.WrittenMemory;
    }

    private async Task<ReadOnlyMemory<byte>> TextAsync(IReadOnlyList<EventNotice> events)
    {
        var parsed = events.Select(EventText.Parse).ToList();
        var reports = await loop.QueryAsync(s => parsed.Select(e => Reports(s, e)).ToList());
        var output = new ArrayBufferWriter<byte>();
        for (var i = 0; i < parsed.Count; i++)
        {
            var (text, about) = (parsed[i], reports[i]);
            ServerSentEvents.Write(output, text.Type.WireName(), null, json => text.Write(json, about));
        }

        return output.WrittenMemory;
    }

    // As things are now, which is at least as new as the event.
    private static List<ProcessReport> Reports(ISupervisor supervisor, EventText text)
    {
        if (text["groupname"] is not { } group || supervisor.FindGroup(group) is not { } active)
        {
            return [];
        }

        return text["processname"] is not { } name
            ? [.. active.Processes.Select(p => p.Report())]
            : active.Find(name) is { } process ? [process.Report()] : [];
    }

    private async Task StopAsync(Action stop)
    {
        try
        {
            await loop.InvokeAsync(_ =>
            {
                stop();
                return true;
            });
        }
        catch (ObjectDisposedException)
        {
            // With the loop its watches have gone.
        }
    }
}
