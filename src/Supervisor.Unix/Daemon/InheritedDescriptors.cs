using System.Globalization;
using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>Descriptors that came with the process.</summary>
public static class InheritedDescriptors
{
    /// <summary>
    /// A standard descriptor that is closed becomes /dev/null, so that no log, socket or file of the runtime ever takes its number. Must
    /// run before anything else opens a file.
    /// </summary>
    public static void OpenStandard()
    {
        for (var standard = 0; standard <= 2; standard++)
        {
            // The lowest free number is this one: all below are open by now.
            if (Libc.fcntl(standard, Libc.F_GETFD, 0) < 0
                && Libc.open(OsText.Encode("/dev/null"), Libc.O_RDWR, 0) < 0
                && Libc.open(OsText.Encode("/"), Libc.O_PATH, 0) < 0)
            {
                // Neither /dev/null nor a root that can only be held: the number stays free, as the starter left it.
                return;
            }
        }
    }

    /// <summary>
    /// Call at start, once. Everything above the standard three becomes close-on-exec, so that no child gets it (SPN-025).
    /// </summary>
    public static void CloseOnExec()
    {
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
