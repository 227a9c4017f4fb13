using System.Runtime.InteropServices;

namespace Supervisor.Unix.Interop;

internal static unsafe partial class Libc
{
    internal const short POSIX_SPAWN_SETSIGDEF = 0x04, POSIX_SPAWN_SETSIGMASK = 0x08, POSIX_SPAWN_SETSID = 0x80;

    /// <summary>Room for either opaque structure: glibc needs 336 and 80 bytes, musl 336 and 80 or less.</summary>
    internal const int SpawnStructureSize = 512;

    // The whole family returns the error number instead of setting errno.

    [LibraryImport(Library)]
    internal static partial int posix_spawn(out int pid, byte[] path, void* actions, void* attributes, byte** arguments, byte** environment);

    [LibraryImport(Library)]
    internal static partial int posix_spawnattr_init(void* attributes);

    [LibraryImport(Library)]
    internal static partial int posix_spawnattr_destroy(void* attributes);

    [LibraryImport(Library)]
    internal static partial int posix_spawnattr_setflags(void* attributes, short flags);

    [LibraryImport(Library)]
    internal static partial int posix_spawnattr_setsigdefault(void* attributes, in SignalSet signals);

    [LibraryImport(Library)]
    internal static partial int posix_spawnattr_setsigmask(void* attributes, in SignalSet signals);

    [LibraryImport(Library)]
    internal static partial int posix_spawn_file_actions_init(void* actions);

    [LibraryImport(Library)]
    internal static partial int posix_spawn_file_actions_destroy(void* actions);

    [LibraryImport(Library)]
    internal static partial int posix_spawn_file_actions_adddup2(void* actions, int from, int to);

    /// <summary>Since glibc 2.34; elsewhere the entry point is missing.</summary>
    [LibraryImport(Library)]
    internal static partial int posix_spawn_file_actions_addclosefrom_np(void* actions, int from);

    /// <summary>Keeps the environment of the process.</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int execv(byte[] path, byte** arguments);

    [LibraryImport(Library)]
    internal static partial nuint getauxval(nuint type);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int unsetenv(byte[] name);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int setenv(byte[] name, byte[] value, int overwrite);
}
