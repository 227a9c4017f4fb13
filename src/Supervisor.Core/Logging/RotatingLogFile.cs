using Supervisor.Core.Ports;

namespace Supervisor.Core.Logging;

/// <summary>
/// A log file with Python Supervisor's rotation (LOG-020..026): the chunk that reaches the limit is written whole, then the file becomes
/// <c>.1</c> and so on; without backups it is truncated in place. Serves child logs and the activity log alike.
/// </summary>
/// <remarks>
/// A refused write loses that chunk and nothing else: the loss is counted, told once for each episode, and writing is tried again with the
/// next chunk. What a full pipe or terminal does not take is no loss yet: it waits here, bounded, until <see cref="Flush"/> gets rid of it.
/// </remarks>
public sealed class RotatingLogFile : IDisposable
{
    // Whoever fills this does not stop reading when asked to; it holds what a pipe still had when its writer died.
    private const int WaitingLimit = 4 * 1024 * 1024;

    private const int OneChunk = 131072;

    private readonly IFileSystem _files;
    private readonly string _path;
    private readonly long _maxBytes;
    private readonly int _backups;
    private readonly Action<string> _report;

    private ILogFile? _file;
    private long _lost;
    private byte[] _waiting = [];
    private bool _rotationFailed;

    /// <param name="files">The file system.</param>
    /// <param name="path">As configured; relative to the working directory.</param>
    /// <param name="maxBytes">Rotate when a write ends at or beyond this; 0 or negative never does.</param>
    /// <param name="backups">How many old files to keep; 0 truncates.</param>
    /// <param name="report">Receives one text when an episode of losses begins and one when it is over.</param>
    /// <exception cref="PosixException">The file cannot be opened. A named pipe that nobody reads is no exception but the begin of a loss.</exception>
    public RotatingLogFile(IFileSystem files, string path, long maxBytes, int backups, Action<string> report)
    {
        _files = files;
        _path = path;
        _maxBytes = maxBytes;
        _backups = backups;
        _report = report;
        try
        {
            _file = files.OpenAppend(path);
        }
        catch (PosixException e) when (e.Errno == Posix.ENXIO && files.Stat(path) is { IsPipe: true })
        {
            Lose(0, e);
        }
    }

    /// <summary>The descriptor that must become writable before more can be written; null when nothing waits.</summary>
    public int? BlockedOn => _waiting.Length > 0 ? _file?.Descriptor : null;

    /// <summary>Bytes lost in the episode under way.</summary>
    public long LostBytes => _lost;

    public void Write(ReadOnlySpan<byte> chunk)
    {
        try
        {
            _file ??= _files.OpenAppend(_path);
            Flush();
            Wait(_waiting.Length > 0 ? chunk : chunk[_file.Write(chunk)..]);
        }
        catch (PosixException e)
        {
            Lose(chunk.Length, e);
            return;
        }

        if (_waiting.Length > 0)
        {
            return;
        }

        EndEpisode();
        RotateWhenFull();
    }

    /// <summary>
    /// Moves what is in a pipe, up to so many bytes, without looking at it. Negative when that does not work, or not now; <see cref="Write"/> is
    /// then the way, and meets the same trouble.
    /// </summary>
    public int MoveFrom(IPipe pipe, int limit, bool alone)
    {
        if (_file is null || _lost > 0 || _waiting.Length > 0)
        {
            return -Posix.EINVAL;
        }

        var moved = 0;
        while (moved < limit && _file is not null)
        {
            // Never further beyond the size of a file than one chunk of upstream's could go.
            var room = limit - moved;
            room = _maxBytes > 0 ? (int)Math.Min(room, Math.Max(_maxBytes - _file.Position, OneChunk)) : room;
            var count = _file.TakeFrom(pipe, room, alone, out var refused);
            if (refused.Length > 0)
            {
                // Meets the same trouble, and tells of it.
                Write(refused);
                return moved + count + refused.Length;
            }

            if (count <= 0)
            {
                return moved > 0 ? moved : count;
            }

            moved += count;
            RotateWhenFull();
            if (count < room)
            {
                break;
            }
        }

        return moved;
    }

    /// <summary>Writes of what waits as much as the target takes.</summary>
    public void Flush()
    {
        if (_waiting.Length == 0 || _file is null)
        {
            return;
        }

        try
        {
            _waiting = _waiting[_file.Write(_waiting)..];
            if (_waiting.Length == 0)
            {
                EndEpisode();
            }
        }
        catch (PosixException e)
        {
            GiveUp(e);
        }
    }

    /// <summary>Closes and opens the same name again; does not rotate. What the old target does not take at once is for the new one.</summary>
    public void Reopen()
    {
        Flush();
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

        _waiting = [];
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

    /// <summary>Closes; what still waits is lost, and told.</summary>
    public void Dispose()
    {
        Flush();
        if (_waiting.Length > 0)
        {
            GiveUp(new PosixException(Posix.EAGAIN, _path));
        }

        _file?.Dispose();
        _file = null;
    }

    private void RotateWhenFull()
    {
        if (_maxBytes > 0 && _file!.CanSeek && _file.Position >= _maxBytes)
        {
            Rotate();
        }
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
            _rotationFailed = false;
        }
        catch (PosixException e)
        {
            // Nothing of the log is lost yet; the next write opens the file again, and tries again to rotate.
            if (_rotationFailed)
            {
                return;
            }

            _rotationFailed = true;
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

    private void Wait(ReadOnlySpan<byte> chunk)
    {
        if (chunk.IsEmpty)
        {
            return;
        }

        if (_waiting.Length + chunk.Length > WaitingLimit)
        {
            Lose(chunk.Length, new PosixException(Posix.EAGAIN, _path));
            return;
        }

        _waiting = [.. _waiting, .. chunk];
    }

    private void GiveUp(PosixException error)
    {
        var bytes = _waiting.Length;
        _waiting = [];
        Lose(bytes, error);
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
