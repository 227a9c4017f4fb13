using Supervisor.Core.Engine;
using Supervisor.Core.Output;
using Supervisor.Core.Ports;

namespace Supervisor.Core.Processes;

/// <summary>What a start has opened and its process has not taken over yet, so that a failure at any point can release all of it.</summary>
internal sealed class SpawnAttempt
{
    public IOutputSink? StdoutSink { get; set; }

    public IOutputSink? StderrSink { get; set; }

    public IPipe? Stdin { get; private set; }

    public IPipe? Stdout { get; private set; }

    public IPipe? Stderr { get; private set; }

    /// <summary>The child's pid, 0 before there is one.</summary>
    public int Pid { get; private set; }

    public void Spawned(SpawnResult result) => (Pid, Stdin, Stdout, Stderr) = (result.Pid, result.Stdin, result.Stdout, result.Stderr);

    public void StdinTaken() => Stdin = null;

    public void StdoutTaken() => (Stdout, StdoutSink) = (null, null);

    public void StderrTaken() => (Stderr, StderrSink) = (null, null);

    /// <summary>Closes what nobody has taken over. Does not throw.</summary>
    public void Release(ManagedProcess process, FaultGuard guard)
    {
        foreach (var pipe in (ReadOnlySpan<IPipe?>)[Stdin, Stdout, Stderr])
        {
            if (pipe is not null)
            {
                guard.Run((process, pipe), "closing a pipe", static x => x.pipe.Dispose());
            }
        }

        foreach (var sink in (ReadOnlySpan<IOutputSink?>)[StdoutSink, StderrSink])
        {
            if (sink is not null)
            {
                guard.Run((process, sink), "closing a log", static x => x.sink.Close());
            }
        }

        StdinTaken();
        StdoutTaken();
        StderrTaken();
    }
}
