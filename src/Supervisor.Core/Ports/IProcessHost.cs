namespace Supervisor.Core.Ports;

/// <summary>Children as the kernel knows them: spawn, signal, reap. Every call returns at once.</summary>
public interface IProcessHost
{
    /// <summary>
    /// Starts a child in a process group of its own. Never throws for a refused call: the result says at which step it failed.
    /// </summary>
    SpawnResult Spawn(SpawnRequest request);

    /// <summary>
    /// kill(2); a negative pid means the process group, or the process alone while it does not lead a group yet. Returns 0 or the error number.
    /// </summary>
    int Kill(int pid, int signal);

    /// <summary>Takes in one ended child without waiting; false when none has ended (or there are no children).</summary>
    bool TryReap(out ReapedChild child);
}

/// <param name="Pid">Pid of the ended child.</param>
/// <param name="WaitStatus">The raw status of waitpid(2).</param>
public readonly record struct ReapedChild(int Pid, int WaitStatus);

/// <summary>All a child needs, prepared by the engine.</summary>
public sealed record SpawnRequest
{
    /// <summary>Resolved path that is executed.</summary>
    public required string FileName { get; init; }
    /// <summary>argv; the first word as written in the command (SPN-007).</summary>
    public required IReadOnlyList<string> Arguments { get; init; }
    /// <summary>Complete environment, <c>NAME=value</c> composed by the engine (SPN-028).</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }
    public string? Directory { get; init; }
    public int? Umask { get; init; }
    /// <summary>User to become with its groups (DMN-006, SPN-032); null to stay.</summary>
    public int? Uid { get; init; }
    /// <summary>Descriptor 2 becomes a duplicate of descriptor 1's pipe.</summary>
    public bool RedirectStderr { get; init; }
    /// <summary>Listening socket to hand over as descriptor 0 instead of a pipe (SPN-040).</summary>
    public int? StdinSocket { get; init; }
}

/// <summary>Outcome of <see cref="IProcessHost.Spawn"/>.</summary>
public sealed record SpawnResult
{
    public SpawnStage Stage { get; init; }
    /// <summary>Error number of the failed step, 0 on success.</summary>
    public int Errno { get; init; }
    public int Pid { get; init; }
    /// <summary>Daemon's end of the child's stdin; null with a socket.</summary>
    public IPipe? Stdin { get; init; }
    public IPipe? Stdout { get; init; }
    /// <summary>Null with <see cref="SpawnRequest.RedirectStderr"/>.</summary>
    public IPipe? Stderr { get; init; }
}

/// <summary>
/// How far a spawn got. What fails later, in the child (user, directory, exec), is a child that exits with 127 and a text of
/// <see cref="SpawnTexts"/> on its stderr (SPN-026, SPN-027).
/// </summary>
public enum SpawnStage
{
    Started,
    Pipes,
    Fork,
}

/// <summary>The daemon's non-blocking end of a pipe to a child.</summary>
public interface IPipe : IDisposable
{
    int Descriptor { get; }

    /// <summary>Bytes read, 0 at end of file, or the negative error number (-EAGAIN when nothing is there).</summary>
    int Read(Span<byte> buffer);

    /// <summary>Bytes written, or the negative error number (-EAGAIN when full, -EPIPE when the reader is gone).</summary>
    int Write(ReadOnlySpan<byte> data);
}
