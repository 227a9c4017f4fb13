using System.Buffers;
using Supervisor.Core.Engine;
using Supervisor.Core.Ports;
using Supervisor.Server.Rpc;

namespace Supervisor.Server.Live;

/// <summary>
/// Measures CPU and memory of all running processes, for everybody who watches together, and not at all while nobody does. An event is
/// <code>
/// {"NAMESPEC": [percent of one CPU or null, bytes], ...}
/// </code>
/// </summary>
internal sealed class UsageMeter(ISupervisorLoop loop, IProcessUsage usage, TimeProvider time)
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(2);

    // The second round gives the first figures of CPU.
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(500);

    // A round of n processes comes n times this after the last, if that is longer: measuring stays at about a hundredth of a CPU.
    private static readonly TimeSpan s_share = TimeSpan.FromMilliseconds(10);

    private readonly Lock _gate = new();
    private readonly List<EventFeed> _watchers = [];
    private Dictionary<int, (TimeSpan Cpu, long At)> _last = [];
    private ReadOnlyMemory<byte>? _latest;
    private bool _running;

    public void Add(EventFeed watcher)
    {
        lock (_gate)
        {
            _watchers.Add(watcher);
            if (_latest is { } figures)
            {
                watcher.PostUsage(figures);
            }

            if (!_running)
            {
                _running = true;
                _ = Task.Run(RunAsync);
            }
        }
    }

    public void Remove(EventFeed watcher)
    {
        lock (_gate)
        {
            _watchers.Remove(watcher);
        }
    }

    private async Task RunAsync()
    {
        try
        {
            var pause = s_firstPause;
            do
            {
                var count = await MeasureAsync();
                await Task.Delay(count * s_share > pause ? count * s_share : pause, time);
                pause = s_period;
            }
            while (GoesOn());
        }
        catch (ObjectDisposedException)
        {
            // The daemon ends.
        }
    }

    private bool GoesOn()
    {
        lock (_gate)
        {
            if (_watchers.Count > 0)
            {
                return true;
            }

            _running = false;
            _latest = null;
            _last = [];
            return false;
        }
    }

    /// <summary>One round, told to all; returns the number of processes.</summary>
    internal async Task<int> MeasureAsync()
    {
        var running = await loop.QueryAsync(s => s.Groups.SelectMany(g => g.Processes)
            .Where(p => p.Pid != 0)
            .Select(p => (Name: Namespec.Make(p.Group.Name, p.Config.Name), p.Pid))
            .ToList());
        var current = new Dictionary<int, (TimeSpan Cpu, long At)>(running.Count);
        var figures = new List<(string Name, double? Percent, long Bytes)>(running.Count);
        foreach (var (name, pid) in running)
        {
            if (usage.Read(pid) is not { } now)
            {
                continue;
            }

            var at = time.GetTimestamp();
            current[pid] = (now.CpuTime, at);
            // A child that ends unawaited takes its time with it: never below nothing.
            double? percent = _last.TryGetValue(pid, out var before) && time.GetElapsedTime(before.At, at) is { Ticks: > 0 } elapsed
                ? Math.Max(0, 100 * ((now.CpuTime - before.Cpu) / elapsed))
                : null;
            figures.Add((name, percent, now.ResidentBytes));
        }

        _last = current;
        Tell(Text(figures));
        return running.Count;
    }

    private void Tell(ReadOnlyMemory<byte> text)
    {
        lock (_gate)
        {
            _latest = text;
            foreach (var watcher in _watchers)
            {
                watcher.PostUsage(text);
            }
        }
    }

    private static ReadOnlyMemory<byte> Text(List<(string Name, double? Percent, long Bytes)> figures)
    {
        var output = new ArrayBufferWriter<byte>();
        ServerSentEvents.Write(output, "usage", null, json =>
        {
            json.WriteStartObject();
            foreach (var (name, percent, bytes) in figures)
            {
                json.WriteStartArray(name);
                if (percent is { } p)
                {
                    json.WriteNumberValue(Math.Round(p, 1));
                }
                else
                {
                    json.WriteNullValue();
                }

                json.WriteNumberValue(bytes);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        });
        return output.WrittenMemory;
    }
}
