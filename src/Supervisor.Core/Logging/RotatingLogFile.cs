using Supervisor.Core.Ports;

namespace Supervisor.Core.Logging;

/// <summary>
/// A log file with Python Supervisor's rotation (LOG-020..026): the chunk that reaches the limit is written whole, then the file becomes
/// <c>.1</c> and so on; without backups it is truncated in place. Serves child logs and the activity log alike.
/// </summary>
/// <remarks>
/// A refused write loses that chunk and nothing else: the loss is counted, told once for each episode, and writing is tried again with the
/// next chunk.
/// </remarks>
public sealed class RotatingLogFile : IDisposable
{
    private readonly IFileSystem _files;
    private readonly string _path;
    private readonly long _maxBytes;
    private readonly int _backups;
    private readonly Action<string> _report;

    private ILogFile? _file;
    private long _lost;

    /// <param name="files">The file system.</param>
    /// <param name="path">As configured; relative to the working directory.</param>
    /// <param name="maxBytes">Rotate when a write ends at or beyond this; 0 or negative never does.</param>
    /// <param name="backups">How many old files to keep; 0 truncates.</param>
    /// <param name="report">Receives one text when an episode of losses begins and one when it is over.</param>
    /// <exception cref="PosixException">The file cannot be opened.</exception>
    public RotatingLogFile(IFileSystem files, string path, long maxBytes, int backups, Action<string> report)
    {
        _files = files;
        _path = path;
        _maxBytes = maxBytes;
        _backups = backups;
        _report = report;
        _file = files.OpenAppend(path);
    }

    /// <summary>Bytes lost in the episode under way.</summary>
    public long LostBytes => _lost;

    public void Write(ReadOnlySpan<byte> chunk)
    {
        try
        {
            _file ??= _files.OpenAppend(_path);
            _file.Write(chunk);
        }
        catch (PosixException e)
        {
            Lose(chunk.Length, e);
            return;
        }

        EndEpisode();
        if (_maxBytes > 0 && _file.CanSeek && _file.Position >= _maxBytes)
        {
            Rotate();
        }
    }

    /// <summary>Closes and opens the same name again; does not rotate.</summary>
    public void Reopen()
    {
        _file?.Dispose();
        _file = null;
        try
        {
            _file = _files.OpenAppend(_path);
        }
        catch (PosixException e)
        {
            Lose(0, e);
        }
    }

    /// <summary>
    /// Unlinks the file and opens a new one; backups stay (LOG-061). A device or pipe is left alone (QRK-027): unlinking <c>/dev/stdout</c> helps
    /// nobody.
    /// </summary>
    /// <exception cref="PosixException">The file cannot be unlinked.</exception>
    public void Clear()
    {
        if (_files.Stat(_path) is { IsRegular: false, IsDirectory: false })
        {
            return;
        }

        _file?.Dispose();
        _file = null;
        try
        {
            _files.Unlink(_path);
        }
        catch (PosixException e) when (e.Errno == Posix.ENOENT)
        {
            // Somebody else was faster.
        }
        finally
        {
            Reopen();
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    private void Rotate()
    {
        _file?.Dispose();
        _file = null;
        try
        {
            if (_backups > 0)
            {
                for (var i = _backups - 1; i > 0; i--)
                {
                    var from = $"{_path}.{i}";
                    if (_files.Exists(from))
                    {
                        Move(from, $"{_path}.{i + 1}");
                    }
                }

                Move(_path, _path + ".1");
            }

            _file = _files.OpenTruncate(_path);
        }
        catch (PosixException e)
        {
            // Nothing of the log is lost yet; the next write opens the file again.
            _report($"could not rotate log file '{_path}': {e.Message}");
        }
    }

    // An external clean-up may have been there first (LOG-024).
    private void Move(string from, string to)
    {
        try
        {
            _files.Unlink(to);
        }
        catch (PosixException e) when (e.Errno == Posix.ENOENT)
        {
        }

        try
        {
            _files.Rename(from, to);
        }
        catch (PosixException e) when (e.Errno == Posix.ENOENT)
        {
        }
    }

    private void Lose(int bytes, PosixException error)
    {
        var first = _lost == 0;
        _lost += Math.Max(1, bytes);
        if (first)
        {
            _report($"could not write to log file '{_path}': {error.Message}; output is lost until it can be written again");
        }
    }

    private void EndEpisode()
    {
        if (_lost == 0)
        {
            return;
        }

        var lost = _lost;
        _lost = 0;
        _report($"log file '{_path}' is written again, {lost} bytes were lost");
    }
}
