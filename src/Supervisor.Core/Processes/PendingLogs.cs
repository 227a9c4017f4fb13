using Supervisor.Core.Output;
using Supervisor.Core.Ports;

namespace Supervisor.Core.Processes;

/// <summary>
/// Logs of ended processes, pipes or terminals, which have not taken the last words yet. One for each channel and a few in all: a reader
/// that never comes back must not cost more with every life of a program.
/// </summary>
internal sealed class PendingLogs(ProcessContext context)
{
    private const int Limit = 64;

    private readonly List<Entry> _entries = [];

    public bool Any => _entries.Count > 0;

    /// <summary>Takes over a closed sink that is blocked; the one before it of the same key is given up.</summary>
    public void Add(string key, IOutputSink sink)
    {
        if ((_entries.Find(e => e.Key == key) ?? (_entries.Count >= Limit ? _entries[0] : null)) is { } old)
        {
            old.GiveUp();
        }

        var entry = new Entry(this, key, sink, sink.BlockedOn!.Value);
        _entries.Add(entry);
        try
        {
            context.Ports.Poller.Watch(entry.Descriptor, PollInterest.Write, entry);
        }
        catch (PosixException)
        {
            _entries.Remove(entry);
            sink.Abandon();
        }
    }

    /// <summary>The daemon ends: what still waits is lost, and told.</summary>
    public void GiveUp()
    {
        foreach (var entry in _entries.ToArray())
        {
            entry.GiveUp();
        }
    }

    private sealed class Entry(PendingLogs owner, string key, IOutputSink sink, int descriptor) : IPollHandler
    {
        public string Key => key;

        public int Descriptor => descriptor;

        public void OnReadable()
        {
            // Never asked for.
        }

        public void OnWritable()
        {
            sink.Resume();
            if (sink.BlockedOn is null)
            {
                Forget();
            }
        }

        public void GiveUp()
        {
            Forget();
            sink.Abandon();
        }

        private void Forget()
        {
            owner.Release(this);
        }
    }

    private void Release(Entry entry)
    {
        _entries.Remove(entry);
        context.Ports.Poller.Unwatch(entry.Descriptor);
        context.Dirty = true;
    }
}
