using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>Settings of the whole process.</summary>
public static class ProcessSettings
{
    /// <summary>Permission bits that files created from now on do not get.</summary>
    public static void Umask(int mask) => _ = Libc.umask((uint)mask);

    /// <summary>
    /// Large blocks of the C library's heap go back to the kernel as soon as they are free: from the first one on it would keep the next
    /// ones. Does nothing where the C library has no such setting. That there is one heap only is settled before Main (one_heap.c).
    /// </summary>
    public static void TameNativeHeap()
    {
        const int Large = 128 * 1024;
        try
        {
            _ = Libc.mallopt(Libc.M_MMAP_THRESHOLD, Large);
        }
        catch (EntryPointNotFoundException)
        {
            // musl gives large blocks back by itself.
        }
    }

    /// <summary>Throws <see cref="Core.Ports.PosixException"/>.</summary>
    public static void ChangeDirectory(string path) => Libc.Check(Libc.chdir(OsText.Encode(path)), path);
}
