using System.Text;
using Supervisor.Core.Ports;

namespace Supervisor.Server.Tail;

/// <summary>
/// Streams a growing file: its end, then what is added. A new file of the same name is followed from its start, a truncated one too. Looks
/// every tenth of a second, and only while somebody listens.
/// </summary>
/// <param name="files">The file system.</param>
/// <param name="path">The log.</param>
/// <param name="head">How many bytes of what is there already, at most.</param>
/// <param name="maximumLag">A listener that is further behind, in bytes, misses what is in between; null for one that gets everything.</param>
internal sealed class LogFollower(IFileSystem files, string path, long head = 1024, long? maximumLag = null)
{
    private const int BlockSize = 64 * 1024;
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(100);

    private FileStream? _file;
    private long _position;

    /// <summary>The file that is being read, by its inode, and how far; valid while something is being written.</summary>
    public LogPosition Position => new(Inode, _position);

    private ulong Inode { get; set; }

    /// <param name="write">Takes what is new.</param>
    /// <param name="ended">Nobody listens any more.</param>
    /// <param name="from">Where to go on, if the file is still the same.</param>
    /// <param name="idle">Called whenever there was nothing new.</param>
    public async Task RunAsync(
        Func<ReadOnlyMemory<byte>, Task> write, CancellationToken ended, LogPosition? from = null, Func<Task>? idle = null)
    {
        Open();
        _position = from is { } p && p.Inode == Inode && p.Offset <= _file!.Length ? p.Offset : Math.Max(0, _file!.Length - head);
        try
        {
            using var timer = new PeriodicTimer(s_period);
            do
            {
                Follow();
                if (!await SendNewAsync(write) && idle is not null)
                {
                    await idle();
                }
            }
            while (await timer.WaitForNextTickAsync(ended));
        }
        catch (OperationCanceledException)
        {
            // Nobody listens any more.
        }
        finally
        {
            _file?.Dispose();
        }
    }

    private void Open()
    {
        var status = files.Stat(path);
        _file?.Dispose();
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
        Inode = status?.Inode ?? 0;
        _position = 0;
    }

    private void Follow()
    {
        // A file that was unlinked and not made again is read on from the old handle (HTTP-043).
        if (files.Stat(path) is not { } status || status.Inode == Inode)
        {
            return;
        }

        try
        {
            Open();
        }
        catch (IOException)
        {
            // Gone again already.
        }
    }

    private async Task<bool> SendNewAsync(Func<ReadOnlyMemory<byte>, Task> write)
    {
        var size = _file!.Length;
        if (size < _position)
        {
            _position = 0;
            await write("==> File truncated <==\n"u8.ToArray());
        }

        if (size - _position > maximumLag)
        {
            var skipped = size - head - _position;
            _position = size - head;
            await write(Encoding.ASCII.GetBytes($"\n==> {skipped} bytes skipped <==\n"));
        }

        var began = _position;
        while (_position < size)
        {
            var block = new byte[Math.Min(BlockSize, size - _position)];
            _file.Seek(_position, SeekOrigin.Begin);
            var count = await _file.ReadAsync(block);
            if (count == 0)
            {
                break;
            }

            _position += count;
            await write(block.AsMemory(0, count));
        }

        return _position > began;
    }
}
