using Supervisor.Core.Ports;

namespace Supervisor.Core.Logging;

/// <summary>
/// A log file with Python Supervisor's rotation (LOG-020..026): the chunk that reaches the limit is written whole, then the file becomes
/// <c>.1</c> and so on; without backups it is truncated in place. Serves child logs and the activity log alike.
/// </summary>
/// <remarks>
/// A refused write (full disk, file size limit) loses the rest of that chunk and nothing else: the loss is counted, reported once for each
/// episode, and writing is tried again with the next chunk. What a full pipe or terminal does not take is no loss yet: it is queued here,
/// bounded, until <see cref="Flush"/> writes it. The file stays in append mode, and what others put into it or in its place is never touched.
/// </remarks>
public sealed class RotatingLogFile : IDisposable
{
    // Reading stops when the target is full; this holds what a pipe still had when its writer died.
    private const int WaitingLimit = 4 * 1024 * 1024;

    private readonly IFileSystem _files;
    private readonly string _path;
    private readonly long _maxBytes;
    private readonly int _backups;
    private readonly bool _private;
    private readonly Action<string> _report;

    private ILogFile? _file;
    private FileRights? _rights;
    private bool _fresh;
    private long _lost;
    private byte[] _waiting = [];
    private bool _rotationFailed;

    /// <param name="files">The file system.</param>
    /// <param name="path">As configured; relative to the working directory.</param>
    /// <param name="maxBytes">Rotate when a write ends at or beyond this; 0 or negative never does.</param>
    /// <param name="backups">How many old files to keep; 0 truncates.</param>
    /// <param name="report">Receives one text when an episode of losses begins and one when it is over.</param>
    /// <param name="isPrivate">The daemon has made the file itself (<see cref="LogOpening.Private"/>).</param>
    /// <exception cref="PosixException">
    /// The file cannot be opened. A named pipe that nobody reads is no exception but the beginning of a loss.
    /// </exception>
    public RotatingLogFile(IFileSystem files, string path, long maxBytes, int backups, Action<string> report, bool isPrivate = false)
    {
        _files = files;
        _path = path;
        _maxBytes = maxBytes;
        _backups = backups;
        _private = isPrivate;
        _report = report;
        try
        {
            Open();
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
        var rest = Put(chunk, out var error);
        while (error?.Errno == Posix.EFBIG && RotateWhenFull())
        {
            // A chunk that passes the size to rotate at and a limit on file sizes at once.
            rest = Put(rest, out error);
        }

        if (error is not null)
        {
            Lose(rest.Length, error);
            return;
        }

        if (!rest.IsEmpty)
        {
            Wait(rest);
        }

        if (_waiting.Length == 0)
        {
            EndEpisode();
            RotateWhenFull();
        }
    }

    /// <summary>Writes as much of what waits as the target takes.</summary>
    public void Flush()
    {
        if (_waiting.Length == 0 || _file is null)
        {
            return;
        }

        try
        {
            _waiting = [.. WriteOut(_waiting)];
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
        CloseFile();
        try
        {
            Open();
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
        CloseFile();
        try
        {
            _files.Unlink(_path);
            _fresh = true;
        }
        catch (PosixException e) when (e.Errno == Posix.ENOENT)
        {
            // Another process was faster.
        }
        finally
        {
            Reopen();
        }
    }

    /// <summary>Closes; what still waits is lost, and reported.</summary>
    public void Dispose()
    {
        Flush();
        if (_waiting.Length > 0)
        {
            GiveUp(new PosixException(Posix.EAGAIN, _path));
        }

        CloseFile();
    }

    private void Open()
    {
        _file = _files.OpenAppend(_path, new LogOpening(_private, _fresh, _rights));
        _fresh = false;
    }

    private void CloseFile()
    {
        _rights = _file?.Rights ?? _rights;
        _file?.Dispose();
        _file = null;
    }

    // Returns what is left: too much for a pipe or terminal or, with an error, not to be written.
    private ReadOnlySpan<byte> Put(ReadOnlySpan<byte> chunk, out PosixException? error)
    {
        error = null;
        try
        {
            if (_file is null)
            {
                Open();
            }

            Flush();
            while (_waiting.Length == 0 && !chunk.IsEmpty && _file!.Write(chunk) is var count and > 0)
            {
                chunk = chunk[count..];
            }
        }
        catch (PosixException e)
        {
            error = e;
        }

        return chunk;
    }

    private ReadOnlySpan<byte> WriteOut(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty && _file!.Write(data) is var count and > 0)
        {
            data = data[count..];
        }

        return data;
    }

    private bool RotateWhenFull() => _maxBytes > 0 && _file is { CanSeek: true } file && file.Position >= _maxBytes && Rotate(file);

    private bool Rotate(ILogFile file)
    {
        try
        {
            if (_backups <= 0 && file.IsAt(_path))
            {
                file.Truncate();
            }
            else
            {
                // Another process that shares the log may have rotated it: its new file is not for us to move.
                var shift = _backups > 0 && (file.IsAt(_path) || !_files.Exists(_path));
                CloseFile();
                if (shift)
                {
                    Shift();
                }

                Open();
            }

            _rotationFailed = false;
            return true;
        }
        catch (PosixException e)
        {
            // Nothing of the log is lost yet; the next write opens the file again, and tries again to rotate.
            if (!_rotationFailed)
            {
                _rotationFailed = true;
                _report($"could not rotate log file '{_path}': {e.Message}");
            }

            return false;
        }
    }

    private void Shift()
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
        _fresh = true;
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
