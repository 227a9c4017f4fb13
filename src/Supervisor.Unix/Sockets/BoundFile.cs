using System.Globalization;
using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>
/// The file that bind(2) has just made, held by a descriptor: others who may write to its directory can give its name to another file at any
/// moment, and mode, owner and links must not go there. Without a /proc only the name is left.
/// </summary>
internal sealed class BoundFile : IDisposable
{
    private readonly byte[] _path;
    private readonly byte[] _held;
    private readonly int _descriptor;

    /// <exception cref="PosixException">The name is gone, or no longer that of a socket made here.</exception>
    internal BoundFile(byte[] path)
    {
        _path = path;
        _descriptor = Libc.Check(Libc.open(path, Libc.O_PATH | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, 0));
        _held = OsText.Encode("/proc/self/fd/" + _descriptor.ToString(CultureInfo.InvariantCulture));

        // A second link means that it is the socket of another directory.
        if (Libc.statx(_descriptor, [0], Libc.AT_EMPTY_PATH, Libc.STATX_BASIC, out var status) < 0
            || (status.Mode & Libc.S_IFMT) != Libc.S_IFSOCK
            || status.Links > 1)
        {
            Dispose();
            throw new PosixException(Posix.EADDRINUSE);
        }

        Identity = FileIdentity.Of(status);
    }

    internal FileIdentity Identity { get; }

    /// <summary>Returns 0 or the error number, as all of these do.</summary>
    internal int ChangeMode(uint mode)
    {
        var error = Result(Libc.chmod(_held, mode));
        return error == Posix.ENOENT ? Result(Libc.chmod(_path, mode)) : error;
    }

    internal int ChangeOwner(int uid, int gid) =>
        Result(Libc.fchownat(_descriptor, [0], unchecked((uint)uid), unchecked((uint)gid), Libc.AT_EMPTY_PATH));

    /// <summary>EEXIST when something has that name.</summary>
    internal int LinkTo(byte[] target)
    {
        var error = Result(Libc.linkat(Libc.AT_FDCWD, _held, Libc.AT_FDCWD, target, Libc.AT_SYMLINK_FOLLOW));
        return error == Posix.ENOENT ? Result(Libc.linkat(Libc.AT_FDCWD, _path, Libc.AT_FDCWD, target, 0)) : error;
    }

    public void Dispose() => Libc.Close(_descriptor);

    private static int Result(int result) => result == 0 ? 0 : Libc.Errno;
}
