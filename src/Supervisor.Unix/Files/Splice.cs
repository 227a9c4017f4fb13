using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>splice(2), which does not wait.</summary>
internal static unsafe class Splice
{
    /// <summary>Moves to where the target stands. Returns how many bytes, 0 when a pipe has ended, or the negative error number.</summary>
    public static int Move(int from, int to, int limit)
    {
        while (true)
        {
            var count = (int)Libc.splice(from, null, to, null, limit, Libc.SPLICE_F_NONBLOCK);
            if (count >= 0)
            {
                return count;
            }

            if (Libc.Errno != Posix.EINTR)
            {
                return -Libc.Errno;
            }
        }
    }
}
