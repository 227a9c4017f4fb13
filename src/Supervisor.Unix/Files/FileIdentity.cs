using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>A file itself, whatever its name comes to mean later.</summary>
internal readonly record struct FileIdentity(ulong Device, ulong Inode)
{
    /// <summary>Null when there is no such file. A link is judged as itself unless it is followed.</summary>
    internal static FileIdentity? OfName(byte[] path, bool follow = false) =>
        Libc.statx(Libc.AT_FDCWD, path, follow ? 0 : Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC, out var status) == 0 ? Of(status) : null;

    internal static FileIdentity Of(in Libc.Statx status) => new(status.Device, status.Inode);
}
