namespace Supervisor.Core.Output;

/// <summary>
/// Everything that happens to the bytes of one channel after they left the pipe: stripping, capture, log file, syslog, mirroring, events.
/// Created for each spawn. Output implements it (<c>OutputSinkFactory</c>); the engine owns the pipe, reads chunks of up to 131,072
/// bytes and pushes them in.
/// </summary>
public interface IOutputSink
{
    /// <summary>Takes in a chunk in arrival order. Never throws: a failing log is reported once per episode to the activity log.</summary>
    void Push(ReadOnlySpan<byte> chunk);

    /// <summary>
    /// The pipe is closed: flushes bytes held back by capture (QRK-025) and closes the log file, unless <see cref="BlockedOn"/> still names
    /// something: then <see cref="Resume"/> closes it when all is written, or <see cref="Abandon"/>.
    /// </summary>
    void Close();

    /// <summary>The descriptor of a log target that takes no more now, a pipe or terminal; null while all is written.</summary>
    int? BlockedOn { get; }

    /// <summary>The descriptor is writable: writes of what waits as much as it takes.</summary>
    void Resume();

    /// <summary>Closes at once; what still waits is lost, and told.</summary>
    void Abandon();

    /// <summary>Closes and reopens the log file by name (SIGUSR2).</summary>
    void ReopenLog();

    /// <summary>Clears the log file (LOG-060..063); null, or the OS's text.</summary>
    string? ClearLog();
}

/// <summary>Makes sinks; throws <see cref="Ports.PosixException"/> when the log cannot be opened (SPN-021).</summary>
public interface IOutputSinkFactory
{
    /// <param name="processName">For log texts and syslog lines.</param>
    /// <param name="channel">Which channel.</param>
    /// <param name="config">Options of the channel.</param>
    /// <param name="logPath">Concrete path (AUTO names already made), null for no file.</param>
    /// <param name="stripAnsi">The daemon's <c>strip_ansi</c>.</param>
    /// <param name="events">Receiver of log and communication events.</param>
    IOutputSink Create(string processName, OutputChannel channel, Configuration.Model.ChannelConfig config, string? logPath, bool stripAnsi,
        IChannelEvents events);

    /// <summary>The sink of an eventlistener's stdout: logged and mirrored, never captured and without events (LOG-031, EVT-020).</summary>
    IOutputSink CreateForListener(string processName, Configuration.Model.ChannelConfig config, string? logPath, bool stripAnsi);
}
