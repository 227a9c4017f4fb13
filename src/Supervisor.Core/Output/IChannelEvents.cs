namespace Supervisor.Core.Output;

/// <summary>What a child's output channel reports to its process: the engine turns it into events (LOG-050..057).</summary>
public interface IChannelEvents
{
    /// <summary>A chunk was logged and <c>std*_events_enabled</c> is set.</summary>
    void LogChunk(OutputChannel channel, ReadOnlySpan<byte> data);

    /// <summary>A capture section has ended.</summary>
    void Communication(OutputChannel channel, ReadOnlySpan<byte> data);
}

public enum OutputChannel
{
    Stdout,
    Stderr,
}
