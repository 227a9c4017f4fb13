namespace Supervisor.Core.Processes;

/// <summary>What getProcessInfo answers about one process (RPC-068); an immutable snapshot.</summary>
public sealed record ProcessReport
{
    public required string Name { get; init; }
    public required string Group { get; init; }
    /// <summary>Epoch seconds of the last start, 0 if never; capped to the i4 range by the wire.</summary>
    public required long Start { get; init; }
    /// <summary>Epoch seconds of the last child death, 0 if none.</summary>
    public required long Stop { get; init; }
    public required long Now { get; init; }
    public required ProcessState State { get; init; }
    /// <summary>Empty when there is none.</summary>
    public required string SpawnError { get; init; }
    /// <summary>0 when unknown, -1 after death by signal (RPC-069).</summary>
    public required int ExitStatus { get; init; }
    /// <summary>Empty when there is no log.</summary>
    public required string StdoutLogFile { get; init; }
    public required string StderrLogFile { get; init; }
    /// <summary>0 when not running.</summary>
    public required int Pid { get; init; }
    /// <summary>EXITED, and about to be started again by <c>autorestart</c>. Not in getProcessInfo.</summary>
    public bool RestartPending { get; init; }
    /// <summary>PSM-028.</summary>
    public required string Description { get; init; }
}
