namespace Supervisor.Server.Live;

/// <summary>Writes to a client, but not for ever: one that does not read for half a minute has lost its place.</summary>
internal sealed class TimedWriter(Func<ReadOnlyMemory<byte>, Task> write)
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    /// <exception cref="TimeoutException">Nothing was read in time; the connection is to be cut.</exception>
    public Task WriteAsync(ReadOnlyMemory<byte> data) => write(data).WaitAsync(s_timeout);
}
