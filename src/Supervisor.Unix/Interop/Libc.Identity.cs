using System.Runtime.InteropServices;

namespace Supervisor.Unix.Interop;

internal static unsafe partial class Libc
{
    // The number of the system call, the same on every architecture.
    private const nint CloseRange = 436;

    [LibraryImport(Library)]
    internal static partial uint getuid();

    [LibraryImport(Library)]
    internal static partial uint geteuid();

    // The wrappers of the C library change every thread of the process.

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int setgroups(nuint size, uint* groups);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int setgid(uint gid);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int setuid(uint uid);

    internal static int SetCloseOnExec(uint first, uint last) =>
        (int)syscall(CloseRange, unchecked((nint)first), unchecked((nint)last), (nint)CLOSE_RANGE_CLOEXEC);

    [LibraryImport(Library, SetLastError = true)]
    private static partial nint syscall(nint number, nint a, nint b, nint c);
}
