using Supervisor.Core.Ports;

namespace Supervisor.Server.Tail;

/// <summary>
/// Streams a growing file: its last 1,024 bytes, then what is added. A new file of the same name is followed from its start, a truncated
/// one too. Looks every tenth of a second, and only while somebody listens.
/// </summary>
internal sealed class LogFollower(IFileSystem files, string path)
{
    private const int Head = 1024;
    private const int BlockSize = 64 * 1024;
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(100);

    private FileStream? _file;
    private ulong _inode;
    private long _position;

    public async Task RunAsync(Func<ReadOnlyMemory<byte>, Task> write, CancellationToken ended)
    {
        Open();
        _position = Math.Max(0, _file!.Length - Head);
        try
        {
            using var timer = new PeriodicTimer(s_period);
            do
            {
                Follow();
                await SendNewAsync(write);
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
        _inode = status?.Inode ?? 0;
        _position = 0;
    }

    private void Follow()
    {
        // A file that was unlinked and not made again is read on from the old handle (HTTP-043).
        if (files.Stat(path) is not { } status || status.Inode == _inode)
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

    private async Task SendNewAsync(Func<ReadOnlyMemory<byte>, Task> write)
    {
        var size = _file!.Length;
        if (size < _position)
        {
            _position = 0;
            await write("==> File truncated <==\n"u8.ToArray());
        }

        while (_position < size)
        {
            var block = new byte[Math.Min(BlockSize, size - _position)];
            _file.Seek(_position, SeekOrigin.Begin);
            var count = await _file.ReadAsync(block);
            if (count == 0)
            {
                return;
            }

            _position += count;
            await write(block.AsMemory(0, count));
        }
    }
}
