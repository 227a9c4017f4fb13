using System.Text;
using Supervisor.Core.Ports;
using Supervisor.Rpc.Contract;
using Supervisor.Server.Tail;

namespace Supervisor.Server.Rpc;

/// <summary>
/// Slices of log files, on a handle of their own and off the loop thread (RPC-060..064). Offsets count bytes; what is not UTF-8, a character
/// cut at the edge of the slice included, is replaced (QRK-021). Anything but a regular file is a log that cannot be read.
/// </summary>
internal sealed class LogReader(LogFiles logs)
{
    // Bytes; the text takes twice as much once more, so such slices wait for each other.
    private const int Big = 512 * 1024;

    // Bytes of the longest slice. The text and the document made of it take several times as much.
    private const long Longest = 64 * 1024 * 1024;

    private readonly SemaphoreSlim _oneBigAtATime = new(1);

    public Task<bool> ExistsAsync(string path) => logs.RunAsync(files => files.Exists(path));

    /// <exception cref="RpcFaultException">BAD_ARGUMENTS or FAILED.</exception>
    public async Task<string> ReadAsync(string path, long offset, long length)
    {
        if ((offset < 0 && length != 0) || length < 0)
        {
            throw new RpcFaultException(FaultCode.BadArguments);
        }

        try
        {
            return (await SliceAsync(path, size =>
                (offset < 0 ? Math.Max(0, size + offset) : offset, length == 0 ? long.MaxValue : length))).Text;
        }
        catch (PosixException)
        {
            throw new RpcFaultException(FaultCode.Failed);
        }
    }

    /// <summary>The last <paramref name="length"/> bytes, by upstream's own arithmetic (RPC-064).</summary>
    public async Task<TailChunk> TailAsync(string path, long offset, long length)
    {
        try
        {
            var overflow = false;
            var (text, end) = await SliceAsync(path, size =>
            {
                var (from, count) = (offset, length);
                if (size > from + count)
                {
                    overflow = true;
                    from = size - 1;
                }

                if (from + count > size)
                {
                    if (from > size - 1)
                    {
                        count = 0;
                    }

                    from = size - count;
                }

                return (Math.Max(0, from), Math.Max(0, count));
            });
            return new TailChunk(text, end, overflow);
        }
        catch (PosixException)
        {
            return new TailChunk("", offset, false);
        }
    }

    // The text, and the size by which the slice was chosen.
    private async Task<(string Text, long Size)> SliceAsync(string path, Func<long, (long Offset, long Length)> choose)
    {
        var (text, rest) = await logs.RunAsync(files => Start(files, path, choose));
        if (rest is null)
        {
            return text;
        }

        using (rest.File)
        {
            await _oneBigAtATime.WaitAsync();
            try
            {
                return (await logs.RunAsync(_ => Read(rest.File, rest.Offset, rest.Length)), text.Size);
            }
            finally
            {
                _oneBigAtATime.Release();
            }
        }
    }

    // A small slice at once; a big one is left to be read.
    private static ((string Text, long Size), BigSlice?) Start(IFileSystem files, string path, Func<long, (long Offset, long Length)> choose)
    {
        var file = files.OpenRead(path);
        try
        {
            var size = file.Length;
            var (offset, length) = choose(size);
            length = Math.Min(length, Math.Max(0, size - offset));
            if (length > Longest)
            {
                throw new AnswerTooLongException();
            }

            if (length >= Big)
            {
                var slice = new BigSlice(file, offset, length);
                file = null;
                return (("", size), slice);
            }

            return ((Read(file, offset, length), size), null);
        }
        finally
        {
            file?.Dispose();
        }
    }

    private static string Read(IReadableFile file, long offset, long length)
    {
        var buffer = new byte[length];
        var done = 0;
        while (done < buffer.Length && file.Read(buffer.AsSpan(done), offset + done) is var count and > 0)
        {
            done += count;
        }

        return Encoding.UTF8.GetString(buffer, 0, done);
    }

    private sealed record BigSlice(IReadableFile File, long Offset, long Length);
}
