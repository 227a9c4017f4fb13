using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>Who this process is.</summary>
public static class ProcessIdentity
{
    /// <summary>getpid(2), as written into the pidfile (DMN-026).</summary>
    public static int Pid => Libc.getpid();

    /// <summary>True for PID 1 of its namespace and for a subreaper: strangers' children may become ours (TRAP-57).</summary>
    public static unsafe bool AdoptsOrphans
    {
        get
        {
            var subreaper = 0;
            return Pid == 1
                || (Libc.prctl(Libc.PR_GET_CHILD_SUBREAPER, (nint)(&subreaper), 0, 0, 0) == 0 && subreaper != 0);
        }
    }
}
