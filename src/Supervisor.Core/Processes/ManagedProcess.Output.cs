using Supervisor.Core.Engine;
using Supervisor.Core.Events;
using Supervisor.Core.Output;

namespace Supervisor.Core.Processes;

internal sealed partial class ManagedProcess : IChannelEvents
{
    public StdinOutcome WriteStdin(ReadOnlyMemory<byte> data)
    {
        if (Pid == 0 || Killing)
        {
            return StdinOutcome.NotRunning;
        }

        return _stdin?.Write(data) ?? StdinOutcome.NoPipe;
    }

    public string? ClearLogs() => ClearLog(_stdout) ?? ClearLog(_stderr);

    internal void ReopenLogs()
    {
        _stdout?.Handle(sink => sink.ReopenLog());
        _stderr?.Handle(sink => sink.ReopenLog());
    }

    private static string? ClearLog(OutputPipe? pipe)
    {
        string? problem = null;
        pipe?.Handle(sink => problem = sink.ClearLog());
        return problem;
    }

    void IChannelEvents.LogChunk(OutputChannel channel, ReadOnlySpan<byte> data) =>
        ProcessEvents.LogChunk(_context.Bus, this, channel, data);

    void IChannelEvents.Communication(OutputChannel channel, ReadOnlySpan<byte> data) =>
        ProcessEvents.Communication(_context.Bus, this, channel, data);

    /// <summary>As the closing line of a channel shows its process (LOG-032).</summary>
    internal string Repr => $"<Subprocess at {Pid} with name {Name} in state {State.WireName()}>";
}
