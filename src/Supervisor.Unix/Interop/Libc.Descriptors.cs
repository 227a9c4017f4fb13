using System.Runtime.InteropServices;

namespace Supervisor.Unix.Interop;

internal static unsafe partial class Libc
{
    internal const int F_GETFD = 1, F_SETFD = 2, F_GETFL = 3, F_SETFL = 4, F_DUPFD_CLOEXEC = 1030, FD_CLOEXEC = 1;
    internal const short POLLIN = 1, POLLOUT = 4;
    internal const uint CLOSE_RANGE_CLOEXEC = 4;

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int pipe2(int* fds, int flags);

    /// <summary>Variadic in C; Linux passes an integer of a variadic call as that of any other on both architectures.</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fcntl(int fd, int command, int argument);

    /// <summary>For the open file, whoever else has it. Throws <see cref="Core.Ports.PosixException"/>.</summary>
    internal static void SetNonBlocking(int fd) => Check(fcntl(fd, F_SETFL, Check(fcntl(fd, F_GETFL, 0)) | O_NONBLOCK));

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int dup2(int from, int to);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int poll(PollFd* fds, nuint count, int timeoutMilliseconds);

    [StructLayout(LayoutKind.Sequential)]
    internal struct PollFd
    {
        internal int Descriptor;
        internal short Events;
        internal short Returned;
    }
}
