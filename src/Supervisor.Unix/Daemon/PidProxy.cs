using Supervisor.Core.Configuration.Expansion;
using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>
/// <c>pidproxy PIDFILE COMMAND [ARGS]</c> (CLI-019..022): runs a command that puts itself into the background and passes signals on to the pid
/// in its pidfile. Notices the command's end at once, where the reference looks every 5 seconds.
/// </summary>
public static unsafe class PidProxy
{
    private static readonly int[] s_forwarded =
        [Libc.SIGTERM, Libc.SIGHUP, Libc.SIGINT, Libc.SIGUSR1, Libc.SIGUSR2, Libc.SIGQUIT];

    /// <summary>
    /// Returns the exit status. Like <see cref="SignalMask.Ensure()"/> it may begin the program anew, so call it before anything else is done.
    /// </summary>
    /// <param name="name">argv[0], for the usage text.</param>
    /// <param name="args">The words after it.</param>
    public static int Run(string name, IReadOnlyList<string> args)
    {
        if (args.Count < 2)
        {
            StandardStreams.WriteLine(StandardStreams.Output, $"Usage: {name} <pidfile name> <command> [<cmdarg1> ...]");
            return 1;
        }

        int[] waited = [.. s_forwarded, Libc.SIGCHLD];
        SignalMask.Ensure(waited);
        foreach (var signal in waited)
        {
            SignalDispositions.Reset(signal);
        }

        var signals = Libc.Check(Libc.signalfd(-1, Libc.SignalSet.Of(waited), Libc.SFD_CLOEXEC));
        try
        {
            // The reference notices a command that cannot be run only as one that has ended at once, with status 0 for itself.
            return TryStart(args, out var child) ? Attend(signals, args[0], child) : 0;
        }
        finally
        {
            Libc.Close(signals);
        }
    }

    private static bool TryStart(IReadOnlyList<string> args, out int child)
    {
        var buffer = stackalloc byte[4096];
        var here = Libc.getcwd(buffer, 4096) is null ? throw new PosixException(Libc.Errno) : OsText.Decode(buffer);
        using var arguments = NativeStrings.Of(args.Skip(1));
        using var plan = new SpawnPlan();
        return plan.Run(OsText.Encode(PosixPath.Absolute(args[1], here)), arguments.Pointer, NativeEnvironment.Pointer, out child) == 0;
    }

    private static int Attend(int signals, string pidFile, int child)
    {
        var info = stackalloc byte[Libc.SignalInfoSize];
        while (true)
        {
            if (Libc.read(signals, info, Libc.SignalInfoSize) != Libc.SignalInfoSize)
            {
                if (Libc.Errno == Posix.EINTR)
                {
                    continue;
                }

                throw new PosixException(Libc.Errno);
            }

            var signal = *(int*)info;
            if (signal == Libc.SIGCHLD)
            {
                // Stopped and continued children ring too; only an ended one counts.
                if (Libc.waitpid(child, out _, Libc.WNOHANG) != 0)
                {
                    return 0;
                }
            }
            else if (Forward(pidFile, signal) is { } status)
            {
                return status;
            }
        }
    }

    /// <summary>The exit status when that is the end of the proxy.</summary>
    private static int? Forward(string pidFile, int signal)
    {
        // 0 and negative numbers are groups of processes, 1 is the machine's or the container's first process, and the proxy would
        // signal itself without end. No command of ours is any of these.
        if (PidFile.Read(pidFile, followLink: true) is not { } pid || pid <= 1 || pid == ProcessIdentity.Pid)
        {
            StandardStreams.WriteLine(StandardStreams.Output, $"Can't read child pidfile {pidFile}!");
            return null;
        }

        if (Libc.kill(pid, signal) < 0)
        {
            StandardStreams.WriteLine(StandardStreams.Error, new PosixException(Libc.Errno).Message);
            return 1;
        }

        return signal is Libc.SIGTERM or Libc.SIGINT or Libc.SIGQUIT ? 0 : null;
    }
}
