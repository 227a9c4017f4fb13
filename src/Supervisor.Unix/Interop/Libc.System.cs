using System.Runtime.InteropServices;

namespace Supervisor.Unix.Interop;

internal static unsafe partial class Libc
{
    internal const int RLIMIT_NPROC = 6, RLIMIT_NOFILE = 7;
    internal const ulong RLIM_INFINITY = ulong.MaxValue;
    internal const int PR_SET_CHILD_SUBREAPER = 36, PR_GET_CHILD_SUBREAPER = 37;
    internal const int AT_EXECFN = 31;
    internal const int M_MMAP_THRESHOLD = -3;

    [LibraryImport(Library)]
    internal static partial int getpid();

    [LibraryImport(Library)]
    internal static partial uint umask(uint mask);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int chdir(byte[] path);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial byte* getcwd(byte* buffer, nuint size);

    /// <param name="name">Six fields of 65 bytes; the second is the node name.</param>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int uname(byte* name);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int prctl(int option, nint a, nint b, nint c, nint d);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int getrlimit(int resource, out Limit limit);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int setrlimit(int resource, in Limit limit);

    internal const int MAP_PRIVATE = 2, MAP_ANONYMOUS = 0x20, MAP_NORESERVE = 0x4000;

    internal static void* MAP_FAILED => (void*)-1;

    [LibraryImport(Library, SetLastError = true)]
    internal static partial void* mmap(void* address, nuint length, int protection, int flags, int fd, long offset);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int munmap(void* address, nuint length);

    [LibraryImport(Library)]
    internal static partial int mallopt(int parameter, int value);

    [StructLayout(LayoutKind.Sequential)]
    internal struct Limit
    {
        internal ulong Soft;
        internal ulong Hard;
    }
}
