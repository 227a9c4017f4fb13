using System.Globalization;
using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>
/// Going into the background (DMN-025) without fork: the program starts itself a second time in a session of its own and the first one waits
/// until the second says that it is ready, which is where the reference's parent leaves. Until then the second has the terminal, so every
/// complaint about the configuration or a busy port shows there, and its exit status becomes the first one's (DMN-002).
/// </summary>
public static unsafe class Daemonizer
{
    // Holds the number of the descriptor that readiness is reported on.
    private const string Marker = "SUPERVISOR_NET_DETACHED";
    private const int StatusDescriptor = 3;

    /// <summary>
    /// Call first thing in Main. Not null in the second process; the marker is gone from the environment afterwards. Looking twice finds
    /// nothing, except across <see cref="SignalMask.Ensure()"/>, which the second process passes without a new beginning.
    /// </summary>
    public static DetachedStart? Inherited()
    {
        var text = Environment.GetEnvironmentVariable(Marker);
        if (text is null)
        {
            return null;
        }

        NativeEnvironment.Remove(Marker);
        // Somebody may have exported the name by hand: only a pipe counts.
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var descriptor)
            && Libc.statx(descriptor, [0], Libc.AT_EMPTY_PATH, Libc.STATX_BASIC, out var status) == 0
            && (status.Mode & Libc.S_IFMT) == Libc.S_IFIFO
            && Libc.fcntl(descriptor, Libc.F_SETFD, Libc.FD_CLOEXEC) == 0
            ? new DetachedStart(descriptor)
            : null;
    }

    /// <summary>
    /// Starts the second process and waits. Returns the exit status for this one: 0 once the other is ready, else the other's own, or 128
    /// plus the signal that ended it. Throws <see cref="PosixException"/> when it cannot be started.
    /// </summary>
    /// <param name="argv">All words of the command line, argv[0] included.</param>
    public static int Launch(IReadOnlyList<string> argv)
    {
        // A parent that ignores SIGCHLD would make waitpid find nobody.
        SignalDispositions.KeepChildStatuses();
        using var status = new PipePair(daemonReads: true);
        using var reader = status.TakeDaemonEnd();
        Libc.Check(Libc.fcntl(reader.Descriptor, Libc.F_SETFL, 0));
        var pid = Start(argv, status.ChildEnd);
        // Our copy of the other's end must go, or its death would not end the read.
        status.Dispose();

        var answer = reader.Read(stackalloc byte[1]);
        return answer == 1 ? 0 : ExitStatusOf(pid);
    }

    /// <summary>
    /// In the second process: 0, 1 and 2 become /dev/null, the umask is set, then the directory is entered. Throws
    /// <see cref="PosixException"/> when only that last step is refused, which is no reason to stop (DMN-025).
    /// </summary>
    public static void EnterBackground(string? directory, int umask)
    {
        Redirect(0, Libc.O_RDONLY);
        Redirect(1, Libc.O_WRONLY);
        Redirect(2, Libc.O_WRONLY);
        ProcessSettings.Umask(umask);
        if (!string.IsNullOrEmpty(directory))
        {
            ProcessSettings.ChangeDirectory(directory);
        }
    }

    /// <summary>Waits for a child; its exit status, or 128 plus the signal.</summary>
    internal static int ExitStatusOf(int pid)
    {
        int status;
        while (Libc.waitpid(pid, out status, 0) < 0)
        {
            if (Libc.Errno != Posix.EINTR)
            {
                throw new PosixException(Libc.Errno);
            }
        }

        var signal = status & 0x7f;
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal;
    }

    private static int Start(IReadOnlyList<string> argv, int statusEnd)
    {
        SmallHeap.Ask();
        using var arguments = NativeStrings.Of(argv);
        var variables = new List<byte[]>();
        for (var entry = NativeEnvironment.Pointer; entry is not null && *entry is not null; entry++)
        {
            var bytes = System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(*entry);
            variables.Add([.. bytes, 0]);
        }

        variables.Add(OsText.Encode($"{Marker}={StatusDescriptor}"));
        using var environment = new NativeStrings(variables);
        using var plan = new SpawnPlan(ownSession: true);
        // Born with its signals blocked, it need not execute itself once more.
        plan.Block(SignalMask.DaemonSignals);
        plan.Place(statusEnd, StatusDescriptor);
        plan.CloseFrom(StatusDescriptor + 1);
        var error = plan.Run(SelfImage.Path(), arguments.Pointer, environment.Pointer, out var pid);
        return error == 0 ? pid : throw new PosixException(error);
    }

    private static void Redirect(int descriptor, int flags)
    {
        var nothing = Libc.Check(Libc.open(OsText.Encode("/dev/null"), flags | Libc.O_CLOEXEC, 0), "/dev/null");
        Libc.Check(Libc.dup2(nothing, descriptor));
        if (nothing != descriptor)
        {
            Libc.Close(nothing);
        }
    }
}
