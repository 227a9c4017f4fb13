using System.Text;
using Supervisor.Core.Ports;

namespace Supervisor.Server.Tail;

/// <summary>
/// Streams a growing file: its end, then what is added. A new file of the same name is followed from its start, a truncated one too. Polls
/// every tenth of a second, and only while a client listens.
/// </summary>
/// <param name="logs">Log files.</param>
/// <param name="path">The log.</param>
/// <param name="head">How many bytes of what is there already, at most.</param>
/// <param name="maximumLag">A client that is further behind, in bytes, misses what is in between; null for one that gets everything.</param>
internal sealed class LogFollower(LogFiles logs, string path, long head = 1024, long? maximumLag = null)
{
    private const int BlockSize = 64 * 1024;
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(100);

    private IReadableFile? _file;
    private long _position;

    /// <summary>The file that is being read, by its inode, and how far; valid while something is being written.</summary>
    public LogPosition Position => new(Inode, _position);

    private ulong Inode => _file?.Status.Inode ?? 0;

    /// <param name="write">Takes what is new.</param>
    /// <param name="ended">The client has gone.</param>
    /// <param name="from">Where to continue, if the file is still the same.</param>
    /// <param name="idle">Called whenever there was nothing new.</param>
    public async Task RunAsync(
        Func<ReadOnlyMemory<byte>, Task> write, CancellationToken ended, LogPosition? from = null, Func<Task>? idle = null)
    {
        try
        {
            await logs.RunAsync(files => _position = Begin(files, from), ended);
            using var timer = new PeriodicTimer(s_period);
            do
            {
                if (!await SendNewAsync(write, ended) && idle is not null)
                {
                    await idle();
                }
            }
            while (await timer.WaitForNextTickAsync(ended));
        }
        catch (OperationCanceledException)
        {
            // The client has gone.
        }
        catch (PosixException)
        {
            // The log cannot be read (any more): the stream ends.
        }
        finally
        {
            _file?.Dispose();
        }
    }

    private long Begin(IFileSystem files, LogPosition? from)
    {
        _file = files.OpenRead(path);
        var length = _file.Length;
        return from is { } p && p.Inode == Inode && p.Offset <= length ? p.Offset : Math.Max(0, length - head);
    }

    // Returns the size. A file that was unlinked and not made again is read on from the old handle (HTTP-043).
    private long Follow(IFileSystem files)
    {
        if (files.Stat(path) is { IsRegular: true } status && status.Inode != Inode)
        {
            try
            {
                var successor = files.OpenRead(path);
                _file!.Dispose();
                (_file, _position) = (successor, 0);
            }
            catch (PosixException)
            {
                // Gone again already.
            }
        }

        return _file!.Length;
    }

    private async Task<bool> SendNewAsync(Func<ReadOnlyMemory<byte>, Task> write, CancellationToken ended)
    {
        var size = await logs.RunAsync(Follow, ended);
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
            var count = await logs.RunAsync(_ => _file!.Read(block, _position), ended);
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
