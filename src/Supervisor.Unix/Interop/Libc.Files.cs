using System.Runtime.InteropServices;

namespace Supervisor.Unix.Interop;

internal static unsafe partial class Libc
{
    internal const int O_RDONLY = 0, O_WRONLY = 1, O_RDWR = 2, O_CREAT = 0x40, O_EXCL = 0x80, O_TRUNC = 0x200, O_APPEND = 0x400,
        O_NOCTTY = 0x100, O_NONBLOCK = 0x800, O_CLOEXEC = 0x80000, O_PATH = 0x200000;

    // These two differ between the architectures.
    internal static readonly int O_NOFOLLOW = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;
    internal static readonly int O_DIRECTORY = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;

    internal const int SEEK_SET = 0, SEEK_CUR = 1, SEEK_END = 2;
    internal const int F_OK = 0, X_OK = 1;
    internal const int LOCK_EX = 2, LOCK_NB = 4;
    internal const int AT_FDCWD = -100, AT_SYMLINK_NOFOLLOW = 0x100, AT_SYMLINK_FOLLOW = 0x400, AT_EMPTY_PATH = 0x1000;
    internal const uint STATX_BASIC = 0x7ff;
    internal const int S_IFMT = 0xF000, S_IFDIR = 0x4000, S_IFREG = 0x8000, S_IFIFO = 0x1000, S_IFSOCK = 0xC000, S_IFLNK = 0xA000;

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int open(byte[] path, int flags, uint mode);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int openat(int directory, byte[] path, int flags, uint mode);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint read(int fd, byte* buffer, nint count);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint write(int fd, byte* buffer, nint count);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial long lseek(int fd, long offset, int whence);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint pread(int fd, byte* buffer, nint count, long offset);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int ftruncate(int fd, long length);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int flock(int fd, int operation);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int unlink(byte[] path);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int rename(byte[] from, byte[] to);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int linkat(int fromDirectory, byte[] from, int toDirectory, byte[] to, int flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fchownat(int directory, byte[] path, uint uid, uint gid, int flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int chmod(byte[] path, uint mode);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fchmod(int fd, uint mode);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fchown(int fd, uint uid, uint gid);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int access(byte[] path, int mode);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint readlink(byte[] path, byte* buffer, nint size);

    /// <summary>With an empty path: of the link that the descriptor refers to.</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint readlinkat(int directory, byte[] path, byte* buffer, nint size);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int statx(int directory, byte[] path, int flags, uint mask, out Statx status);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fstatvfs(int fd, out StatVfs status);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint opendir(byte[] path);

    /// <summary>Entry: inode 8, offset 8, length 2, type 1, then the name; null at the end.</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial byte* readdir(nint directory);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int closedir(nint directory);

    /// <summary>statx(2) and not stat(2): its structure is the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal struct Statx
    {
        [FieldOffset(16)] internal uint Links;
        [FieldOffset(20)] internal uint Uid;
        [FieldOffset(24)] internal uint Gid;
        [FieldOffset(28)] internal ushort Mode;
        [FieldOffset(32)] internal ulong Inode;
        [FieldOffset(40)] internal ulong Size;
        [FieldOffset(112)] internal long ModifiedSeconds;
        [FieldOffset(136)] internal ulong Device;

        internal readonly bool IsRegular => (Mode & S_IFMT) == S_IFREG;
    }

    /// <summary>The same on all 64-bit systems. Sizes are in units of <see cref="Unit"/>.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    internal struct StatVfs
    {
        [FieldOffset(8)] internal ulong Unit;
        [FieldOffset(32)] internal ulong Available;
    }
}
