using System.Runtime.InteropServices;
using Supervisor.Core.Ports;

namespace Supervisor.Unix.Interop;

/// <summary>
/// The C library, one call family a file. Names, constants and layouts are Linux's own and hold for x64 and arm64 alike; where the two
/// differ the place says so.
/// </summary>
internal static unsafe partial class Libc
{
    /// <summary>The runtime resolves this to the versioned library, never to the linker script of a development package.</summary>
    private const string Library = "libc";

    /// <summary>Error number of the last call of this thread.</summary>
    internal static int Errno => Marshal.GetLastPInvokeError();

    /// <summary>Passes a result on, or throws the error of the last call.</summary>
    internal static int Check(int result, string? path = null) => result >= 0 ? result : throw new PosixException(Errno, path);

    /// <summary>Closes; its only error that matters here (EBADF) is a bug of the caller, and EINTR has closed all the same on Linux.</summary>
    internal static void Close(int descriptor) => _ = close(descriptor);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int close(int fd);
}
