using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>
/// One pipe with both ends above the standard three (so that placing them in a child cannot overwrite another) and close-on-exec. The
/// daemon's end does not block, the child's does (SPN-025).
/// </summary>
internal sealed unsafe class PipePair : IDisposable
{
    private int _daemonEnd = -1;
    private int _childEnd = -1;

    /// <param name="daemonReads">True for stdout and stderr.</param>
    /// <exception cref="PosixException">Out of descriptors.</exception>
    internal PipePair(bool daemonReads)
    {
        var ends = stackalloc int[2];
        Libc.Check(Libc.pipe2(ends, Libc.O_CLOEXEC));
        _daemonEnd = ends[daemonReads ? 0 : 1];
        _childEnd = ends[daemonReads ? 1 : 0];
        try
        {
            _daemonEnd = Raise(_daemonEnd);
            _childEnd = Raise(_childEnd);
            // A status flag belongs to one end of a pipe, so the child's end stays blocking.
            Libc.SetNonBlocking(_daemonEnd);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    internal int ChildEnd => _childEnd;

    /// <summary>Hands the daemon's end over; it outlives this pair.</summary>
    internal DescriptorPipe TakeDaemonEnd()
    {
        var pipe = new DescriptorPipe(_daemonEnd);
        _daemonEnd = -1;
        return pipe;
    }

    public void Dispose()
    {
        CloseOnce(ref _daemonEnd);
        CloseOnce(ref _childEnd);
    }

    private static void CloseOnce(ref int descriptor)
    {
        if (descriptor >= 0)
        {
            Libc.Close(descriptor);
            descriptor = -1;
        }
    }

    private static int Raise(int descriptor)
    {
        if (descriptor > 2)
        {
            return descriptor;
        }

        var raised = Libc.Check(Libc.fcntl(descriptor, Libc.F_DUPFD_CLOEXEC, 3));
        Libc.Close(descriptor);
        return raised;
    }
}
