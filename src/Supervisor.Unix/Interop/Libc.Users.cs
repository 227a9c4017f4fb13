using System.Runtime.InteropServices;

namespace Supervisor.Unix.Interop;

internal static unsafe partial class Libc
{
    // These return the error number; "no such entry" is 0 with a null result.

    [LibraryImport(Library)]
    internal static partial int getpwnam_r(byte[] name, Passwd* entry, byte* buffer, nuint size, Passwd** result);

    [LibraryImport(Library)]
    internal static partial int getpwuid_r(uint uid, Passwd* entry, byte* buffer, nuint size, Passwd** result);

    [LibraryImport(Library)]
    internal static partial int getgrnam_r(byte[] name, Group* entry, byte* buffer, nuint size, Group** result);

    [LibraryImport(Library)]
    internal static partial int getgrgid_r(uint gid, Group* entry, byte* buffer, nuint size, Group** result);

    [LibraryImport(Library)]
    internal static partial int getgrouplist(byte[] user, uint gid, uint* groups, ref int count);

    [StructLayout(LayoutKind.Sequential)]
    internal struct Passwd
    {
        internal byte* Name;
        internal byte* Password;
        internal uint Uid;
        internal uint Gid;
        internal byte* Gecos;
        internal byte* Home;
        internal byte* Shell;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct Group
    {
        internal byte* Name;
        internal byte* Password;
        internal uint Gid;
        internal byte** Members;
    }
}
