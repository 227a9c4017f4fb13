using System.Globalization;
using System.Text;
using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>
/// The pidfile: the number and a line feed, overwriting whatever was there (DMN-024, DMN-027). Its directory may belong to everybody, /tmp
/// in the sample configuration, so nothing here waits for a file, reads more than a number or writes through a name that others may have
/// planted.
/// </summary>
public sealed unsafe class PidFile
{
    // More than any pid with its line feed.
    private const int Longest = 32;
    private const int OthersMayWrite = 0x12; // 0022
    private const int Attempts = 100;

    private readonly string _path;
    private readonly int _pid;
    private readonly FileIdentity? _file;

    private PidFile(string path, int pid, FileIdentity? file)
    {
        (_path, _pid, _file) = (path, pid, file);
    }

    /// <summary>Nothing has this name any more.</summary>
    public bool IsMissing => FileIdentity.OfName(OsText.Encode(_path)) is null && Libc.Errno == Posix.ENOENT;

    /// <summary>The pid in a regular file, null when there is none to be read. Never waits, whatever lies there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="followLink">Whether the last component may be a symbolic link.</param>
    public static int? Read(string path, bool followLink = false)
    {
        var flags = Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_NOCTTY | Libc.O_CLOEXEC | (followLink ? 0 : Libc.O_NOFOLLOW);
        var descriptor = Libc.open(OsText.Encode(path), flags, 0);
        if (descriptor < 0)
        {
            return null;
        }

        try
        {
            Span<byte> content = stackalloc byte[Longest];
            nint count;
            fixed (byte* start = content)
            {
                count = FileStat.Of(descriptor).IsRegular ? Libc.read(descriptor, start, Longest) : -1;
            }

            return count is > 0 and < Longest
                && int.TryParse(Encoding.UTF8.GetString(content[..(int)count]).Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var pid)
                ? pid : null;
        }
        finally
        {
            Libc.Close(descriptor);
        }
    }

    /// <summary>
    /// In a directory that only root and this user may write to, whatever the name leads to is written: a link is followed, a device takes
    /// the number. Elsewhere only a file of our own is; anything else that has the name loses it. Throws <see cref="PosixException"/>.
    /// </summary>
    public static PidFile Write(string path, int pid)
    {
        var descriptor = IsPrivate(DirectoryOf(path)) ? OpenAny(path) : OpenOwn(path);
        try
        {
            var status = FileStat.Of(descriptor, path);
            var regular = status.IsRegular;
            if (regular)
            {
                Libc.Check(Libc.ftruncate(descriptor, 0), path);
            }

            var text = Encoding.ASCII.GetBytes(pid.ToString(CultureInfo.InvariantCulture) + "\n");
            fixed (byte* start = text)
            {
                var count = Libc.write(descriptor, start, text.Length);
                if (count != text.Length)
                {
                    throw new PosixException(count < 0 ? Libc.Errno : Posix.ENOSPC, path);
                }
            }

            return new PidFile(path, pid, regular ? FileIdentity.Of(status) : null);
        }
        finally
        {
            Libc.Close(descriptor);
        }
    }

    /// <summary>
    /// Only what was written by this object: not the file of another daemon, nor a device. What prevents it is not reported: at that point
    /// nobody is left to act on it (DMN-052).
    /// </summary>
    public void Remove()
    {
        var name = OsText.Encode(_path);
        if (_file is { } file && FileIdentity.OfName(name, follow: true) == file && Read(_path, followLink: true) == _pid)
        {
            _ = Libc.unlink(name);
        }
    }

    private static int OpenAny(string path) =>
        Libc.Check(Libc.open(OsText.Encode(path), Libc.O_WRONLY | Libc.O_CREAT | Libc.O_NONBLOCK | Libc.O_NOCTTY | Libc.O_CLOEXEC, 0x1B6), path); // 0666

    private static int OpenOwn(string path)
    {
        var name = OsText.Encode(path);
        var flags = Libc.O_WRONLY | Libc.O_NONBLOCK | Libc.O_NOCTTY | Libc.O_CLOEXEC | Libc.O_NOFOLLOW;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var descriptor = Libc.open(name, flags | Libc.O_CREAT | Libc.O_EXCL, 0x1B6);
            if (descriptor >= 0)
            {
                return descriptor;
            }

            if (Libc.Errno != Posix.EEXIST)
            {
                throw new PosixException(Libc.Errno, path);
            }

            descriptor = Libc.open(name, flags, 0);
            if (descriptor >= 0)
            {
                if (FileStat.Of(descriptor, path) is { Links: 1, IsRegular: true } status && status.Uid == Libc.geteuid())
                {
                    return descriptor;
                }

                Libc.Close(descriptor);
            }

            if (Libc.unlink(name) < 0 && Libc.Errno != Posix.ENOENT)
            {
                throw new PosixException(Libc.Errno, path);
            }
        }

        throw new PosixException(Posix.EEXIST, path);
    }

    // Who may write there may put any name there.
    private static bool IsPrivate(string directory) =>
        Libc.statx(Libc.AT_FDCWD, OsText.Encode(directory), 0, Libc.STATX_BASIC, out var status) == 0
        && (status.Mode & OthersMayWrite) == 0
        && (status.Uid == 0 || status.Uid == Libc.geteuid());

    private static string DirectoryOf(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash < 0 ? "." : path[..(slash + 1)];
    }
}
