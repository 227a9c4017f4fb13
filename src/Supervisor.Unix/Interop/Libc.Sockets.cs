using System.Runtime.InteropServices;

namespace Supervisor.Unix.Interop;

internal static unsafe partial class Libc
{
    internal const int AF_UNIX = 1, AF_INET = 2, AF_INET6 = 10;
    internal const int SOCK_STREAM = 1, SOCK_DGRAM = 2, SOCK_NONBLOCK = 0x800, SOCK_CLOEXEC = 0x80000;
    internal const int SOL_SOCKET = 1, SO_REUSEADDR = 2, SO_RCVTIMEO = 20, SO_SNDTIMEO = 21, SOMAXCONN = 4096;
    internal const int IPPROTO_IPV6 = 41, IPV6_V6ONLY = 26;
    internal const int IPPROTO_TCP = 6, TCP_NODELAY = 1, SHUT_WR = 1, SHUT_RDWR = 2;
    internal const int MSG_DONTWAIT = 0x40, MSG_NOSIGNAL = 0x4000;

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int socket(int family, int type, int protocol);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int bind(int fd, byte* address, uint length);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int connect(int fd, byte* address, uint length);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int listen(int fd, int backlog);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int accept4(int fd, byte* address, uint* length, int flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int shutdown(int fd, int how);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int setsockopt(int fd, int level, int name, void* value, uint length);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint send(int fd, byte* data, nint length, int flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint recv(int fd, byte* data, nint length, int flags);

    /// <summary>Returns 0 or an EAI number (negative).</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int getaddrinfo(byte[] host, byte* service, AddressInfo* hints, AddressInfo** result);

    [LibraryImport(Library)]
    internal static partial void freeaddrinfo(AddressInfo* list);

    [StructLayout(LayoutKind.Sequential)]
    internal struct AddressInfo
    {
        internal int Flags;
        internal int Family;
        internal int SocketType;
        internal int Protocol;
        internal uint AddressLength;
        internal byte* Address;
        internal byte* CanonicalName;
        internal AddressInfo* Next;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct TimeValue
    {
        internal nint Seconds;
        internal nint Microseconds;
    }
}
