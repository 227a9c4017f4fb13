using System.Runtime.InteropServices;

namespace Supervisor.Unix.Interop;

internal static unsafe partial class Libc
{
    internal const int SIGHUP = 1, SIGINT = 2, SIGQUIT = 3, SIGUSR1 = 10, SIGUSR2 = 12, SIGTERM = 15, SIGCHLD = 17, SIGXFSZ = 25;
    internal const int SIG_BLOCK = 0, SIG_UNBLOCK = 1, SIG_SETMASK = 2;
    internal const nint SIG_DFL = 0, SIG_IGN = 1;
    internal const int SA_NOCLDWAIT = 2, SA_RESTART = 0x10000000;
    internal const int SFD_CLOEXEC = 0x80000, SFD_NONBLOCK = 0x800;

    /// <summary>Size of struct signalfd_siginfo; the signal number is its first word.</summary>
    internal const int SignalInfoSize = 128;

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int sigaction(int signal, SignalAction* action, SignalAction* old);

    /// <summary>Returns the error number.</summary>
    [LibraryImport(Library)]
    internal static partial int pthread_sigmask(int how, SignalSet* set, SignalSet* old);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int signalfd(int fd, in SignalSet mask, int flags);

    /// <summary>The C library's sigset_t; bit n-1 stands for signal n.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    internal struct SignalSet
    {
        internal ulong Bits;

        internal static SignalSet Of(ReadOnlySpan<int> signals)
        {
            var set = default(SignalSet);
            foreach (var signal in signals)
            {
                set.Bits |= 1UL << (signal - 1);
            }

            return set;
        }

        internal static SignalSet All => new() { Bits = ulong.MaxValue };

        internal readonly bool Contains(in SignalSet other) => (Bits & other.Bits) == other.Bits;
    }

    /// <summary>The C library's struct sigaction, not the kernel's.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct SignalAction
    {
        internal nint Handler;
        internal SignalSet Mask;
        internal int Flags;
        internal nint Restorer;
    }
}
