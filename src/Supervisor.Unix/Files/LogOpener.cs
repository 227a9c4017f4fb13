using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>
/// Opens log files for appending, and never waits for a reader. The daemon is often root and opens the same name again and again (rotation, clear,
/// SIGUSR2), so in a directory where others may replace the file the last name of the path is checked on the opened descriptor.
/// </summary>
internal static unsafe class LogOpener
{
    private const int Append = Libc.O_WRONLY | Libc.O_APPEND | Libc.O_CLOEXEC | Libc.O_NONBLOCK | Libc.O_NOCTTY;
    private const uint WritableByOthers = 0x12; // 0022
    private const uint NewFile = 0x1B6; // 0666, less the umask
    private const uint PrivateFile = 0x180; // 0600
    private const uint Permissions = 0x1FF; // 0777

    private const int MostLinks = 8;

    // Where containers send their logs: these harm nobody, no matter who made the link.
    private static readonly string[] s_ownStreams =
        ["/dev/stdout", "/dev/stderr", "/dev/null", "/dev/fd/1", "/dev/fd/2", "/proc/self/fd/1", "/proc/self/fd/2"];

    // The name may appear and vanish under our hands, but not for ever.
    private const int MostAttempts = 16;

    /// <summary>Returns a descriptor. Throws <see cref="PosixException"/>.</summary>
    internal static int Open(string path, LogOpening opening) => Open(Libc.AT_FDCWD, path, opening, MostLinks);

    private static int Open(int at, string path, LogOpening opening, int links)
    {
        var slash = path.LastIndexOf('/');
        var directoryName = slash < 0 ? "." : slash == 0 ? "/" : path[..slash];
        var name = OsText.Encode(path[(slash + 1)..]);
        var directory = Libc.Check(
            Libc.openat(at, OsText.Encode(directoryName), Libc.O_PATH | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0), path);
        try
        {
            var status = FileStat.Of(directory, path);
            var shared = (status.Mode & WritableByOthers) != 0 || !IsTrusted(status.Uid);
            if (name.Length == 1)
            {
                throw new PosixException(Posix.EISDIR, path);
            }

            return opening.Private || shared
                ? OpenGuarded(directory, status.Uid, name, path, opening, links)
                : OpenPlain(directory, name, path, opening);
        }
        finally
        {
            Libc.Close(directory);
        }
    }

    // Nobody but us and root can put a link here: it is meant, /dev/stdout is one.
    private static int OpenPlain(int directory, byte[] name, string path, LogOpening opening)
    {
        if (opening.Rights is { } rights)
        {
            var descriptor = Try(directory, name, Append, 0);
            if (descriptor == -Posix.ENOENT)
            {
                descriptor = Create(directory, name, rights);
            }

            // A link to nothing exists and does not.
            if (descriptor != -Posix.EEXIST)
            {
                return Checked(descriptor, path);
            }
        }

        return Checked(Try(directory, name, Append | Libc.O_CREAT, NewFile), path);
    }

    private static int OpenGuarded(int directory, uint directoryOwner, byte[] name, string path, LogOpening opening, int links)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var descriptor = Try(directory, name, Append | Libc.O_NOFOLLOW, 0);
            if (descriptor == -Posix.ENOENT)
            {
                descriptor = Create(directory, name, opening.Private ? opening.Rights ?? new FileRights((int)PrivateFile, null, null) : opening.Rights);
                if (descriptor == -Posix.EEXIST)
                {
                    continue;
                }
            }
            else if (descriptor == -Posix.ELOOP && !opening.Private && links > 0)
            {
                return FollowTrusted(directory, name, path, opening, links);
            }
            else if (descriptor >= 0 && (opening.Private || opening.Fresh))
            {
                return Guard(descriptor, directoryOwner, path, opening);
            }

            return Checked(descriptor, path);
        }

        throw new PosixException(Posix.EEXIST, path);
    }

    // A hard link would make us write to somebody's file of another name. A private file that belongs to somebody else was put there.
    private static int Guard(int descriptor, uint directoryOwner, string path, LogOpening opening)
    {
        try
        {
            var status = FileStat.Of(descriptor, path);
            var ours = status.IsRegular
                && (status.Uid == Libc.geteuid() || status.Uid == opening.Rights?.Owner || status.Uid == directoryOwner);
            if ((status.IsRegular && status.Links > 1) || (opening.Private && !ours))
            {
                throw new PosixException(Posix.EPERM, path);
            }

            return descriptor;
        }
        catch
        {
            Libc.Close(descriptor);
            throw;
        }
    }

    // Others can move or copy a link that root has made elsewhere, but then by another name (it has two) or not in a sticky directory.
    private static int FollowTrusted(int directory, byte[] name, string path, LogOpening opening, int links)
    {
        var link = Checked(Try(directory, name, Libc.O_PATH | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, 0), path);
        try
        {
            const int Longest = 4096;
            var bytes = stackalloc byte[Longest];
            var length = Libc.Check((int)Libc.readlinkat(link, [0], bytes, Longest - 1), path);
            bytes[length] = 0;
            var target = OsText.Decode(bytes);
            var status = FileStat.Of(link, path);
            return (status.Links == 1 && IsTrusted(status.Uid)) || s_ownStreams.Contains(target)
                ? Open(directory, target, opening, links - 1)
                : throw new PosixException(Posix.ELOOP, path);
        }
        finally
        {
            Libc.Close(link);
        }
    }

    // In a user namespace root may have no number, and nobody's is shown instead. It owns / all the same.
    private static bool IsTrusted(uint owner) => owner == 0 || owner == Libc.geteuid()
        || (Libc.statx(Libc.AT_FDCWD, "/\0"u8.ToArray(), 0, Libc.STATX_BASIC, out var root) == 0 && owner == root.Uid);

    private static int Create(int directory, byte[] name, FileRights? rights)
    {
        var flags = Append | Libc.O_CREAT | Libc.O_EXCL | Libc.O_NOFOLLOW;
        if (rights is not { } wanted)
        {
            return Try(directory, name, flags, NewFile);
        }

        var descriptor = Try(directory, name, flags, PrivateFile);
        if (descriptor >= 0)
        {
            Grant(descriptor, wanted);
        }

        return descriptor;
    }

    // As far as we may. A group that cannot be given gets no rights of the group's.
    private static void Grant(int descriptor, FileRights wanted)
    {
        const uint Keep = uint.MaxValue;
        var mode = (uint)wanted.Mode & Permissions;
        var status = FileStat.Of(descriptor);
        if (wanted.Owner is { } owner && owner != status.Uid)
        {
            _ = Libc.fchown(descriptor, owner, Keep);
        }

        if (wanted.Group is { } group && group != status.Gid && Libc.fchown(descriptor, Keep, group) < 0)
        {
            mode &= ~(uint)0x38; // 0070
        }

        _ = Libc.fchmod(descriptor, mode);
    }

    // The negative error number instead of a descriptor.
    private static int Try(int directory, byte[] name, int flags, uint mode)
    {
        while (true)
        {
            var descriptor = Libc.openat(directory, name, flags, mode);
            if (descriptor >= 0)
            {
                return descriptor;
            }

            if (Libc.Errno is var errno && errno != Posix.EINTR)
            {
                return -errno;
            }
        }
    }

    private static int Checked(int descriptor, string path) => descriptor >= 0 ? descriptor : throw new PosixException(-descriptor, path);
}
