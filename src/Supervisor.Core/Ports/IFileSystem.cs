namespace Supervisor.Core.Ports;

/// <summary>The few file operations of the engine. Failures throw <see cref="PosixException"/>.</summary>
public interface IFileSystem
{
    /// <summary>
    /// Opens for appending and stays in append mode, so no other writer's bytes are ever overwritten; creates with 0666 and the umask. Always
    /// close-on-exec and without blocking; a named pipe that nobody reads refuses with ENXIO. In a directory where others may replace the file, a
    /// link counts only when it is root's or ours.
    /// </summary>
    ILogFile OpenAppend(string path, LogOpening opening = default);

    /// <summary>
    /// Opens a regular file for reading, following links; refuses everything else with EINVAL, and waits for nobody. Any thread, but not one that
    /// serves everybody: the file system may hang.
    /// </summary>
    IReadableFile OpenRead(string path);

    /// <summary>Creates an empty file with mode 0600 under a unique name made of the parts and eight random characters; returns its path.</summary>
    string CreateUnique(string directory, string prefix, string suffix);

    void Rename(string from, string to);

    void Unlink(string path);

    bool Exists(string path);

    /// <summary>stat(2), following links; null when there is nothing.</summary>
    FileStatus? Stat(string path);

    /// <summary>access(2) with X_OK and the real uid.</summary>
    bool CanExecute(string path);

    /// <summary>Names in a directory.</summary>
    IReadOnlyList<string> List(string directory);
}

/// <param name="IsDirectory">A directory after following links.</param>
/// <param name="IsRegular">A regular file after following links.</param>
/// <param name="Mode">Permission bits.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Inode">Tells a file from its successor of the same name.</param>
/// <param name="ModifiedSeconds">Epoch seconds of the last change.</param>
/// <param name="IsPipe">A named pipe after following links.</param>
public readonly record struct FileStatus(
    bool IsDirectory, bool IsRegular, int Mode, long Size, ulong Inode = 0, long ModifiedSeconds = 0, bool IsPipe = false);

/// <summary>What is known of a log file before it is opened.</summary>
/// <param name="Private">
/// The daemon itself has made the file: it is a regular one of a single name and ours, never a link, and a new one gets 0600.
/// </param>
/// <param name="Fresh">Its name has just been moved or removed by us: what is there now was not there before.</param>
/// <param name="Rights">Those of the file it continues: a new one gets them, as far as the daemon may give them.</param>
public readonly record struct LogOpening(bool Private = false, bool Fresh = false, FileRights? Rights = null);

/// <param name="Mode">Permission bits.</param>
/// <param name="Owner">A uid; null for whatever a new file has.</param>
/// <param name="Group">A gid; null for whatever a new file has.</param>
public readonly record struct FileRights(int Mode, uint? Owner, uint? Group);

/// <summary>A regular file opened for reading.</summary>
public interface IReadableFile : IDisposable
{
    /// <summary>As it was when it was opened.</summary>
    FileStatus Status { get; }

    /// <summary>Now.</summary>
    long Length { get; }

    /// <summary>Bytes read from the offset on, 0 at the end. Throws <see cref="PosixException"/>.</summary>
    int Read(Span<byte> buffer, long offset);
}

/// <summary>An open log target.</summary>
public interface ILogFile : IDisposable
{
    /// <summary>False for pipes, ttys and sockets: such a target never rotates (QRK-028).</summary>
    bool CanSeek { get; }

    /// <summary>Current position, i.e. the size of a file opened for appending after its last write. Meaningless if not seekable.</summary>
    long Position { get; }

    /// <summary>What <see cref="IPoller"/> knows it by.</summary>
    int Descriptor { get; }

    /// <summary>
    /// Writes what the target takes and returns how much that was; 0 when a pipe or terminal takes no more now: never waits for a reader. Throws
    /// <see cref="PosixException"/> when nothing could be written.
    /// </summary>
    int Write(ReadOnlySpan<byte> data);

    /// <summary>Mode and owner of a regular file; null for anything else.</summary>
    FileRights? Rights { get; }

    /// <summary>Whether the path, links followed, still names this file.</summary>
    bool IsAt(string path);

    /// <summary>Empties a regular file. Throws <see cref="PosixException"/>.</summary>
    void Truncate();
}
