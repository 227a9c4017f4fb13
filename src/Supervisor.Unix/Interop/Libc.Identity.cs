using System.Runtime.InteropServices;

namespace Supervisor.Unix.Interop;

internal static unsafe partial class Libc
{
    [LibraryImport(Library)]
    internal static partial uint getuid();

    [LibraryImport(Library)]
    internal static partial uint geteuid();

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int getresuid(out uint real, out uint effective, out uint saved);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int getresgid(out uint real, out uint effective, out uint saved);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int getgroups(int size, uint* groups);

    // The wrappers of the C library change every thread of the process.

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int setgroups(nuint size, uint* groups);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int setgid(uint gid);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int setuid(uint uid);

    // The raw system calls change the calling thread alone; their numbers are the architecture's.

    internal static int SetThreadGroups(ReadOnlySpan<uint> groups)
    {
        fixed (uint* first = groups)
        {
            return (int)syscall(Numbers.SetGroups, groups.Length, (nint)first, 0);
        }
    }

    internal static int SetThreadGid(uint real, uint effective, uint saved) =>
        (int)syscall(Numbers.SetResGid, unchecked((int)real), unchecked((int)effective), unchecked((int)saved));

    internal static int SetThreadUid(uint real, uint effective, uint saved) =>
        (int)syscall(Numbers.SetResUid, unchecked((int)real), unchecked((int)effective), unchecked((int)saved));

    internal static int SetCloseOnExec(uint first, uint last) =>
        (int)syscall(Numbers.CloseRange, unchecked((nint)first), unchecked((nint)last), (nint)CLOSE_RANGE_CLOEXEC);

    [LibraryImport(Library, SetLastError = true)]
    private static partial nint syscall(nint number, nint a, nint b, nint c);

    private static class Numbers
    {
        private static readonly bool s_x64 = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => true,
            Architecture.Arm64 => false,
            var other => throw new PlatformNotSupportedException($"system call numbers of {other} are not known"),
        };

        internal static nint SetGroups => s_x64 ? 116 : 159;
        internal static nint SetResUid => s_x64 ? 117 : 147;
        internal static nint SetResGid => s_x64 ? 119 : 149;
        internal static nint CloseRange => 436;
    }
}
