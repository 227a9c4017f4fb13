using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>Settings of the whole process.</summary>
public static class ProcessSettings
{
    /// <summary>Permission bits that files created from now on do not get.</summary>
    public static void Umask(int mask) => _ = Libc.umask((uint)mask);

    /// <summary>
    /// One heap of the C library for all threads. It would reserve 64 MiB of addresses for each of them, which uses up a small RLIMIT_AS for
    /// nothing: hardly anything here comes from that heap. Does nothing where the C library has no such setting.
    /// </summary>
    public static void ShareNativeHeap()
    {
        try
        {
            _ = Libc.mallopt(Libc.M_ARENA_MAX, 1);
        }
        catch (EntryPointNotFoundException)
        {
            // musl has one heap anyway.
        }
    }

    /// <summary>Throws <see cref="Core.Ports.PosixException"/>.</summary>
    public static void ChangeDirectory(string path) => Libc.Check(Libc.chdir(OsText.Encode(path)), path);
}
