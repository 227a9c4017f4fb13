using System.Globalization;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>
/// What a write at a chosen place leaves when somebody truncated the file a moment before (logrotate's <c>copytruncate</c>): nothing, up to where
/// the file had ended, and then the new bytes. A write in append mode would have put them at the start.
/// </summary>
internal static unsafe class TruncationGap
{
    // File systems tell of gaps in whole blocks.
    private const long Block = 65536;

    /// <summary>Where the first data is; -1 when there is none or the file system does not know. Moves the position.</summary>
    public static long FirstData(int descriptor) => Libc.lseek(descriptor, 0, Libc.SEEK_DATA);

    /// <summary>
    /// Makes the bytes that a gap precedes the whole file. False, and nothing has changed, when this is no such gap or cannot be mended.
    /// </summary>
    /// <param name="descriptor">Open for writing, not in append mode.</param>
    /// <param name="at">Where the last write went.</param>
    /// <param name="count">How much it wrote.</param>
    public static bool Close(int descriptor, long at, int count)
    {
        var first = FirstData(descriptor);
        if (first <= Math.Max(0, at - Block) || first > at || Libc.lseek(descriptor, 0, Libc.SEEK_END) != at + count)
        {
            return false;
        }

        // Another description of the same file, whatever its name is by now.
        var name = OsText.Encode("/proc/self/fd/" + descriptor.ToString(CultureInfo.InvariantCulture));
        var reader = Libc.open(name, Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        if (reader < 0)
        {
            return false;
        }

        try
        {
            // Zeros in the block where the gap ends; anything else was put there by somebody, and must stay.
            var zeros = (int)(at - first);
            var bytes = new byte[zeros + count];
            fixed (byte* start = bytes)
            {
                // A disk that is full by now leaves the bytes where they are.
                return Libc.pread(reader, start, bytes.Length, first) == bytes.Length
                    && !bytes.AsSpan(0, zeros).ContainsAnyExcept((byte)0)
                    && Libc.pwrite(descriptor, start + zeros, count, 0) == count
                    && Libc.ftruncate(descriptor, count) == 0;
            }
        }
        finally
        {
            Libc.Close(reader);
        }
    }
}
