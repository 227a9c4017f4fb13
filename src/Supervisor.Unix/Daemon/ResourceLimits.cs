using System.Globalization;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>minfds and minprocs (DMN-007, DMN-008).</summary>
public static class ResourceLimits
{
    /// <summary>
    /// Raises soft limits that are too low, and hard ones with them where the process may. Returns what was raised, as log lines; throws
    /// <see cref="ResourceLimitException"/> with the text for the usage exit.
    /// </summary>
    public static IReadOnlyList<string> Raise(int minFds, int minProcs)
    {
        var raised = new List<string>();
        Raise(Libc.RLIMIT_NOFILE, "RLIMIT_NOFILE", minFds, DescriptorText, raised);
        Raise(Libc.RLIMIT_NPROC, "RLIMIT_NPROC", minProcs, ProcessText, raised);
        return raised;
    }

    /// <summary>File descriptors that this process may have open.</summary>
    public static long OpenFiles
    {
        get
        {
            Libc.Check(Libc.getrlimit(Libc.RLIMIT_NOFILE, out var limit));
            return (long)Math.Min(limit.Soft, int.MaxValue);
        }
    }

    /// <summary>Whether so many more bytes of addresses could be had (RLIMIT_AS). None are kept.</summary>
    public static unsafe bool CanReserve(int bytes)
    {
        var addresses = Libc.mmap(null, (nuint)bytes, 0, Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS | Libc.MAP_NORESERVE, -1, 0);
        return addresses != Libc.MAP_FAILED && Libc.munmap(addresses, (nuint)bytes) == 0;
    }

    private static void Raise(int resource, string name, int minimum, Func<string, string, string> complaint, List<string> raised)
    {
        Libc.Check(Libc.getrlimit(resource, out var limit));
        if (minimum <= 0 || limit.Soft >= (ulong)minimum)
        {
            return;
        }

        var hard = Math.Max(limit.Hard, (ulong)minimum);
        var wanted = minimum.ToString(CultureInfo.InvariantCulture);
        if (Libc.setrlimit(resource, new Libc.Limit { Soft = (ulong)minimum, Hard = hard }) < 0)
        {
            // The reference shows the hard limit it asked for, with -1 for none.
            throw new ResourceLimitException(complaint(wanted, hard == Libc.RLIM_INFINITY ? "-1" : hard.ToString(CultureInfo.InvariantCulture)));
        }

        raised.Add($"Increased {name} limit to {wanted}");
    }

    private static string DescriptorText(string minimum, string hard) =>
        $"The minimum number of file descriptors required to run this process is {minimum} as per the \"minfds\" command-line argument or "
        + $"config file setting. The current environment will only allow you to open {hard} file descriptors.  Either raise the number of "
        + "usable file descriptors in your environment (see README.rst) or lower the minfds setting in the config file to allow the process "
        + "to start.";

    private static string ProcessText(string minimum, string hard) =>
        $"The minimum number of available processes required to run this program is {minimum} as per the \"minprocs\" command-line argument "
        + $"or config file setting. The current environment will only allow you to open {hard} processes.  Either raise the number of usable "
        + "processes in your environment (see README.rst) or lower the minprocs setting in the config file to allow the program to start.";
}

/// <summary>A limit that could not be raised; the message is the text of the usage exit.</summary>
public sealed class ResourceLimitException(string message) : Exception(message);
