using System.Runtime.InteropServices;

namespace Supervisor.Unix.Interop;

internal static unsafe partial class Libc
{
    internal const int WNOHANG = 1, WEXITED = 4, WNOWAIT = 0x1000000;
    internal const int P_ALL = 0;

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int waitpid(int pid, out int status, int options);

    /// <param name="info">A siginfo_t: 128 bytes everywhere.</param>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int waitid(int idType, uint id, byte* info, int options);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int kill(int pid, int signal);
}
