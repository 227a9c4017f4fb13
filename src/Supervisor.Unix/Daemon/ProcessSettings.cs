using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>Settings of the whole process.</summary>
public static class ProcessSettings
{
    /// <summary>Permission bits that files created from now on do not get.</summary>
    public static void Umask(int mask) => _ = Libc.umask((uint)mask);

    /// <summary>
    /// One heap of the C library for all threads. It would reserve 64 MiB of addresses for each of them, which uses up a small RLIMIT_AS for
    /// nothing: hardly anything here comes from that heap. And large blocks go back to the kernel as soon as they are free: from the first one
    /// on it would keep the next ones. Does nothing where the C library has no such settings.
    /// </summary>
    public static void TameNativeHeap()
    {
        const int Large = 128 * 1024;
        try
        {
            _ = Libc.mallopt(Libc.M_ARENA_MAX, 1);
            _ = Libc.mallopt(Libc.M_MMAP_THRESHOLD, Large);
        }
        catch (EntryPointNotFoundException)
        {
            // musl has one heap anyway, and gives large blocks back.
        }
    }

    /// <summary>Throws <see cref="Core.Ports.PosixException"/>.</summary>
    public static void ChangeDirectory(string path) => Libc.Check(Libc.chdir(OsText.Encode(path)), path);
}
