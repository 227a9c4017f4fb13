using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>The line from the background process to the one that started it and still holds the terminal.</summary>
public sealed unsafe class DetachedStart
{
    private int _descriptor;

    internal DetachedStart(int descriptor)
    {
        _descriptor = descriptor;
    }

    /// <summary>Lets the first process end with status 0. The second and later calls do nothing.</summary>
    public void Ready()
    {
        if (_descriptor < 0)
        {
            return;
        }

        byte ready = 1;
        // Somebody may have killed the first process (EPIPE): the daemon does not care.
        _ = Libc.write(_descriptor, &ready, 1);
        Libc.Close(_descriptor);
        _descriptor = -1;
    }
}
