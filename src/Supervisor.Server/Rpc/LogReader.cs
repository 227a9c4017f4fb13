using System.Text;
using Supervisor.Rpc.Contract;

namespace Supervisor.Server.Rpc;

/// <summary>
/// Slices of log files, on a handle of their own and off the loop thread (RPC-060..064). Offsets count bytes; what is not UTF-8, a character
/// cut at the edge of the slice included, is replaced (QRK-021).
/// </summary>
internal static class LogReader
{
    // Bytes; the text takes twice as much once more, so such slices wait for each other.
    private const int Big = 512 * 1024;

    private static readonly SemaphoreSlim s_oneBigAtATime = new(1);

    /// <exception cref="RpcFaultException">BAD_ARGUMENTS or FAILED.</exception>
    public static async Task<string> ReadAsync(string path, long offset, long length)
    {
        if ((offset < 0 && length != 0) || length < 0)
        {
            throw new RpcFaultException(FaultCode.BadArguments);
        }

        try
        {
            using var file = Open(path);
            if (offset < 0)
            {
                offset = Math.Max(0, file.Length + offset);
            }

            return await SliceAsync(file, offset, length == 0 ? long.MaxValue : length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new RpcFaultException(FaultCode.Failed);
        }
    }

    /// <summary>The last <paramref name="length"/> bytes, by upstream's own arithmetic (RPC-064).</summary>
    public static async Task<TailChunk> TailAsync(string path, long offset, long length)
    {
        try
        {
            using var file = Open(path);
            var size = file.Length;
            var overflow = false;
            if (size > offset + length)
            {
                overflow = true;
                offset = size - 1;
            }

            if (offset + length > size)
            {
                if (offset > size - 1)
                {
                    length = 0;
                }

                offset = size - length;
            }

            offset = Math.Max(0, offset);
            length = Math.Max(0, length);
            return new TailChunk(length == 0 ? "" : await SliceAsync(file, offset, length), size, overflow);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return new TailChunk("", offset, false);
        }
    }

    private static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);

    private static async ValueTask<string> SliceAsync(FileStream file, long offset, long length)
    {
        if (Math.Min(file.Length - offset, length) < Big)
        {
            return Slice(file, offset, length);
        }

        await s_oneBigAtATime.WaitAsync();
        try
        {
            return Slice(file, offset, length);
        }
        finally
        {
            s_oneBigAtATime.Release();
        }
    }

    private static string Slice(FileStream file, long offset, long length)
    {
        var available = Math.Max(0, file.Length - offset);
        var buffer = new byte[Math.Min(available, length)];
        file.Seek(offset, SeekOrigin.Begin);
        var count = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return Encoding.UTF8.GetString(buffer, 0, count);
    }
}
