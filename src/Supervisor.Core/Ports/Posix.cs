namespace Supervisor.Core.Ports;

/// <summary>Linux error numbers by the names that spawn errors and log lines print, and the C library's texts for them.</summary>
public static class Posix
{
    public const int EPERM = 1, ENOENT = 2, ESRCH = 3, EINTR = 4, EIO = 5, ENXIO = 6, E2BIG = 7, ENOEXEC = 8, EBADF = 9, ECHILD = 10, EAGAIN = 11,
        ENOMEM = 12, EACCES = 13, EBUSY = 16, EEXIST = 17, ENOTDIR = 20, EISDIR = 21, EINVAL = 22, ENFILE = 23, EMFILE = 24, ETXTBSY = 26,
        EFBIG = 27, ENOSPC = 28, ESPIPE = 29, EROFS = 30, EPIPE = 32, ENAMETOOLONG = 36, ELOOP = 40, EPROTO = 71, EADDRINUSE = 98,
        EADDRNOTAVAIL = 99, ECONNABORTED = 103, ECONNRESET = 104, ECONNREFUSED = 111;

    private static readonly Dictionary<int, (string Name, string Text)> s_table = new()
    {
        [EPERM] = ("EPERM", "Operation not permitted"),
        [ENOENT] = ("ENOENT", "No such file or directory"),
        [ESRCH] = ("ESRCH", "No such process"),
        [EINTR] = ("EINTR", "Interrupted system call"),
        [EIO] = ("EIO", "Input/output error"),
        [ENXIO] = ("ENXIO", "No such device or address"),
        [E2BIG] = ("E2BIG", "Argument list too long"),
        [ENOEXEC] = ("ENOEXEC", "Exec format error"),
        [EBADF] = ("EBADF", "Bad file descriptor"),
        [ECHILD] = ("ECHILD", "No child processes"),
        [EAGAIN] = ("EAGAIN", "Resource temporarily unavailable"),
        [ENOMEM] = ("ENOMEM", "Cannot allocate memory"),
        [EACCES] = ("EACCES", "Permission denied"),
        [EBUSY] = ("EBUSY", "Device or resource busy"),
        [EEXIST] = ("EEXIST", "File exists"),
        [ENOTDIR] = ("ENOTDIR", "Not a directory"),
        [EISDIR] = ("EISDIR", "Is a directory"),
        [EINVAL] = ("EINVAL", "Invalid argument"),
        [ENFILE] = ("ENFILE", "Too many open files in system"),
        [EMFILE] = ("EMFILE", "Too many open files"),
        [ETXTBSY] = ("ETXTBSY", "Text file busy"),
        [EFBIG] = ("EFBIG", "File too large"),
        [ENOSPC] = ("ENOSPC", "No space left on device"),
        [ESPIPE] = ("ESPIPE", "Illegal seek"),
        [EROFS] = ("EROFS", "Read-only file system"),
        [EPIPE] = ("EPIPE", "Broken pipe"),
        [ENAMETOOLONG] = ("ENAMETOOLONG", "File name too long"),
        [ELOOP] = ("ELOOP", "Too many levels of symbolic links"),
        [EPROTO] = ("EPROTO", "Protocol error"),
        [EADDRINUSE] = ("EADDRINUSE", "Address already in use"),
        [EADDRNOTAVAIL] = ("EADDRNOTAVAIL", "Cannot assign requested address"),
        [ECONNABORTED] = ("ECONNABORTED", "Software caused connection abort"),
        [ECONNRESET] = ("ECONNRESET", "Connection reset by peer"),
        [ECONNREFUSED] = ("ECONNREFUSED", "Connection refused"),
    };

    /// <summary>The symbolic name, or the number as text for one without an entry.</summary>
    public static string NameOf(int errno) =>
        s_table.TryGetValue(errno, out var entry) ? entry.Name : errno.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The C library's English text.</summary>
    public static string Describe(int errno) => s_table.TryGetValue(errno, out var entry) ? entry.Text : $"Unknown error {errno}";
}
