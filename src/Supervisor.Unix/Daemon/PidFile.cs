using System.Globalization;
using System.Text;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>The pidfile: the number and a line feed, overwriting whatever was there (DMN-024, DMN-027).</summary>
public static class PidFile
{
    /// <summary>Throws <see cref="Core.Ports.PosixException"/>.</summary>
    public static void Write(string path, int pid)
    {
        using var file = DescriptorFile.Open(path, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_TRUNC);
        file.Write(Encoding.ASCII.GetBytes(pid.ToString(CultureInfo.InvariantCulture) + "\n"));
    }

    /// <summary>Whatever hinders it is not told: at that point nobody is left to act on it (DMN-052).</summary>
    public static void Remove(string path) => _ = Libc.unlink(OsText.Encode(path));
}
