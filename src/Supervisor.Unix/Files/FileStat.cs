using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>The status of an open file, so that what was checked is what is used.</summary>
internal static class FileStat
{
    private static readonly byte[] s_itself = [0];

    /// <summary>Throws <see cref="PosixException"/>.</summary>
    internal static Libc.Statx Of(int descriptor, string? path = null)
    {
        Libc.Check(Libc.statx(descriptor, s_itself, Libc.AT_EMPTY_PATH, Libc.STATX_BASIC, out var status), path);
        return status;
    }

    /// <summary>Null when it cannot be had.</summary>
    internal static Libc.Statx? Find(int descriptor) =>
        Libc.statx(descriptor, s_itself, Libc.AT_EMPTY_PATH, Libc.STATX_BASIC, out var status) < 0 ? null : status;

    /// <summary>For the port.</summary>
    internal static FileStatus Of(in Libc.Statx status)
    {
        var kind = status.Mode & Libc.S_IFMT;
        return new FileStatus(
            kind == Libc.S_IFDIR, kind == Libc.S_IFREG, status.Mode & 0xFFF, (long)status.Size, status.Inode, status.ModifiedSeconds,
            kind == Libc.S_IFIFO);
    }
}
