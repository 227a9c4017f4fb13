using System.Globalization;
using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>Descriptors that came with the process.</summary>
public static class InheritedDescriptors
{
    /// <summary>
    /// Call at start, once. Everything above the standard three becomes close-on-exec, so that no child gets it (SPN-025); a standard one that
    /// is closed becomes /dev/null, so that no log or socket ever takes its number.
    /// </summary>
    public static void CloseOnExec()
    {
        var nothing = OsText.Encode("/dev/null");
        for (var standard = 0; standard <= 2; standard++)
        {
            if (Libc.fcntl(standard, Libc.F_GETFD, 0) < 0)
            {
                // The lowest free number is this one: all below are open by now.
                Libc.Check(Libc.open(nothing, Libc.O_RDWR, 0), "/dev/null");
            }
        }

        // Linux 5.11 has one call for it.
        if (Libc.SetCloseOnExec(3, uint.MaxValue) == 0)
        {
            return;
        }

        foreach (var name in DirectoryNames.Read("/proc/self/fd"))
        {
            // The descriptor of the listing itself is among them and closed by now: EBADF is no trouble.
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var descriptor) && descriptor > 2)
            {
                _ = Libc.fcntl(descriptor, Libc.F_SETFD, Libc.FD_CLOEXEC);
            }
        }
    }
}
