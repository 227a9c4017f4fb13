using Supervisor.Core.Configuration;
using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Events;
using Supervisor.Core.Processes;

namespace Supervisor.Core.Engine;

/// <summary>Supervisor states with Python Supervisor's codes (DMN-084).</summary>
public enum SupervisorState
{
    Shutdown = -1,
    Restarting = 0,
    Running = 1,
    Fatal = 2,
}

/// <summary>The only way from another thread to the engine.</summary>
public interface ISupervisorLoop
{
    /// <summary>
    /// Runs <paramref name="operation"/> on the loop thread and completes, off the loop thread, with its result or exception.
    /// Fails with <see cref="ObjectDisposedException"/> once the loop has ended.
    /// </summary>
    Task<T> InvokeAsync<T>(Func<ISupervisor, T> operation);

    /// <summary>
    /// As <see cref="InvokeAsync"/>, for an operation without side effects. While the loop is idle it runs on the caller's thread, which saves two
    /// thread switches.
    /// </summary>
    Task<T> QueryAsync<T>(Func<ISupervisor, T> operation);

    /// <summary>As <see cref="QueryAsync"/>, for an operation that publishes an event: the loop wakes up and delivers it.</summary>
    Task<T> PublishAsync<T>(Func<ISupervisor, T> operation);
}

/// <summary>What the engine offers to the RPC handlers and the web page. Only to be touched through <see cref="ISupervisorLoop"/>.</summary>
public interface ISupervisor
{
    SupervisorState State { get; }

    /// <summary>The live configuration; a successful reread replaces it (DMN-081).</summary>
    DaemonConfig Config { get; }

    /// <summary>Pid of the daemon.</summary>
    int Pid { get; }

    /// <summary>Wall clock used for everything printed.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Active groups in the order they were added.</summary>
    IReadOnlyList<ISupervisedGroup> Groups { get; }

    ISupervisedGroup? FindGroup(string name);

    /// <summary>Ends the daemon in order (RPC-036).</summary>
    void Shutdown();

    /// <summary>Restarts the daemon in the same process (RPC-036).</summary>
    /// <exception cref="ConfigException">It could not start again: the configuration is refused. Nothing has changed.</exception>
    void Restart();

    /// <summary>Re-parses the file; throws <see cref="Configuration.ConfigException"/> and changes nothing if it is refused (RPC-037).</summary>
    ConfigChanges Reread();

    /// <summary>Adds a group of the last read configuration (RPC-041).</summary>
    AddGroupOutcome AddGroup(string name);

    /// <summary>Removes an active group whose processes are all stopped (RPC-042).</summary>
    RemoveGroupOutcome RemoveGroup(string name);

    /// <summary>Emits REMOTE_COMMUNICATION (RPC-057).</summary>
    /// <param name="payload">As <see cref="Events.RemoteEvent"/> makes it, outside the loop: it may be long.</param>
    void SendRemoteEvent(byte[] payload);

    /// <summary>
    /// Tells a watcher of every event of some types, as listeners get them but without a serial, from within the loop: it may only take note.
    /// </summary>
    /// <param name="types">Types, with everything below them; each event is told once.</param>
    /// <param name="receive">Called on the loop thread, or on that of whoever notifies.</param>
    /// <returns>Ends the watch; to be called through the loop as well.</returns>
    Action Watch(IReadOnlyList<EventType> types, Action<EventNotice> receive);

    /// <summary>Takes in every child that has already ended, without waiting (RPC-045).</summary>
    void ReapNow();

    /// <summary>Path of the activity log as <c>readLog</c> opens it.</summary>
    string ActivityLogPath { get; }

    /// <summary>Unlinks and reopens the activity log, logging <c>reopening log file</c>; null on success or the OS's text (RPC-035).</summary>
    string? ReopenActivityLogAfterUnlink();

    /// <summary>Writes a line to the activity log.</summary>
    void Log(LogLevel level, string message);
}

/// <summary>Names of groups, as reloadConfig answers them (RPC-037, RPC-038).</summary>
public sealed record ConfigChanges(IReadOnlyList<string> Added, IReadOnlyList<string> Changed, IReadOnlyList<string> Removed);

public enum AddGroupOutcome
{
    Added,
    AlreadyActive,
    Unknown,
}

public enum RemoveGroupOutcome
{
    Removed,
    StillRunning,
    Unknown,
}

public interface ISupervisedGroup
{
    string Name { get; }
    GroupConfig Config { get; }

    /// <summary>In stored order.</summary>
    IReadOnlyList<ISupervisedProcess> Processes { get; }

    ISupervisedProcess? Find(string processName);
}

public interface ISupervisedProcess
{
    ISupervisedGroup Group { get; }
    ProcessConfig Config { get; }
    ProcessState State { get; }
    /// <summary>0 when there is no child.</summary>
    int Pid { get; }
    /// <summary>True after a stop was requested and until the child is gone.</summary>
    bool Killing { get; }
    string? SpawnError { get; }

    /// <summary>EXITED, and about to be started again by <c>autorestart</c> unless a stop cancels it.</summary>
    bool RestartPending { get; }

    /// <summary>Concrete log paths once AUTO names are made; null when the channel has no file.</summary>
    string? StdoutLogPath { get; }
    string? StderrLogPath { get; }

    ProcessReport Report();

    /// <summary>Looks the command up without starting it (RPC-043); null when it could be executed.</summary>
    CommandProblem? CheckCommand();

    /// <summary>Spawns as an operator's start does (PSM-003, PSM-004).</summary>
    void Spawn();

    /// <summary>Performs one state transition, as startProcess does after spawning (RPC-045).</summary>
    void Transition();

    /// <summary>Asks the process to stop with its stop signal; null, or the text of a FAILED fault (PSM-017..023).</summary>
    string? Stop();

    /// <summary>Sends a signal without changing state; null, or the text of a FAILED fault.</summary>
    string? SendSignal(int signal);

    /// <summary>Queues bytes for the child's stdin (RPC-055).</summary>
    StdinOutcome WriteStdin(ReadOnlyMemory<byte> data);

    /// <summary>Clears the log files; null, or the OS's text (RPC-066, LOG-060..063).</summary>
    string? ClearLogs();

    /// <summary>Calls back, on the loop thread, when the start under way is decided (RPC-046); at once if it is decided now.</summary>
    void WhenStarted(Action<StartOutcome> then);

    /// <summary>Calls back, on the loop thread, when the process has reached a stopped state; at once if it is in one.</summary>
    void WhenStopped(Action then);
}

public enum StartOutcome
{
    Running,
    SpawnError,
    AbnormalTermination,
}

public enum StdinOutcome
{
    Queued,
    /// <summary>No child, or it is being stopped.</summary>
    NotRunning,
    /// <summary>The child's stdin is closed or never was a pipe.</summary>
    NoPipe,
    /// <summary>The child does not read, and as much waits as may wait.</summary>
    Full,
}

/// <summary>Why a command cannot be executed, with the text that becomes <c>spawnerr</c> or the fault's detail.</summary>
public sealed record CommandProblem(CommandProblemKind Kind, string Message);

public enum CommandProblemKind
{
    /// <summary>NO_FILE.</summary>
    NotFound,
    /// <summary>NOT_EXECUTABLE: bad quoting, empty, a directory, no permission.</summary>
    NotExecutable,
}
