using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>Settings of the whole process.</summary>
public static class ProcessSettings
{
    /// <summary>Permission bits that files created from now on do not get.</summary>
    public static void Umask(int mask) => _ = Libc.umask((uint)mask);

    /// <summary>Throws <see cref="Core.Ports.PosixException"/>.</summary>
    public static void ChangeDirectory(string path) => Libc.Check(Libc.chdir(OsText.Encode(path)), path);
}
