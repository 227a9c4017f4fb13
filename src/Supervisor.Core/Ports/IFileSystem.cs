namespace Supervisor.Core.Ports;

/// <summary>The few file operations of the engine. Failures throw <see cref="PosixException"/>.</summary>
public interface IFileSystem
{
    /// <summary>
    /// Opens for appending, creating with 0666 and the umask; a target that refuses append with ESPIPE is opened for writing (LOG-010).
    /// Always close-on-exec and without blocking; a named pipe that nobody reads refuses with ENXIO.
    /// </summary>
    ILogFile OpenAppend(string path);

    /// <summary>Opens, truncating to nothing.</summary>
    ILogFile OpenTruncate(string path);

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
    /// Writes all of it and returns its length, or less when a pipe or terminal takes no more now: never waits for a reader. Throws
    /// <see cref="PosixException"/> after having written what the target took.
    /// </summary>
    int Write(ReadOnlySpan<byte> data);

    /// <summary>
    /// Takes bytes out of a pipe and appends them without showing them to anybody. Returns how many, 0 when the pipe has ended, or the
    /// negative error number: -EAGAIN when nothing is there, -EINVAL when this target cannot, and then nothing has been taken.
    /// </summary>
    /// <param name="pipe">Whence.</param>
    /// <param name="limit">Bytes at most.</param>
    /// <param name="alone">Nobody but the program at the other end keeps us busy: it must not be kept waiting, even if that costs us a little.</param>
    /// <param name="refused">Bytes that follow those of the result: they are out of the pipe and not in the target, which could not take them.</param>
    int TakeFrom(IPipe pipe, int limit, bool alone, out byte[] refused)
    {
        refused = [];
        return -Posix.EINVAL;
    }
}
