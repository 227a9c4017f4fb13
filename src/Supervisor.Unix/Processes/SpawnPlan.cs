using System.Runtime.InteropServices;
using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>
/// The attributes and file actions of one posix_spawn(3), for binaries that start themselves or another program under their own identity
/// and wait for it. Supervised programs start by <see cref="ChildPlan"/>. Signals start at their defaults and nothing is blocked.
/// </summary>
internal sealed unsafe class SpawnPlan : IDisposable
{
    // glibc before 2.34 and musl lack the call; there close-on-exec alone keeps the daemon's descriptors to itself.
    private static bool s_closeFromMissing;

    private readonly void* _attributes;
    private readonly void* _actions;

    internal SpawnPlan(bool ownSession = false)
    {
        // One block for both: either there is all of it, or nothing that would have to be freed.
        _attributes = Allocate(2 * Libc.SpawnStructureSize);
        _actions = (byte*)_attributes + Libc.SpawnStructureSize;
        Check(Libc.posix_spawnattr_init(_attributes));
        Check(Libc.posix_spawn_file_actions_init(_actions));
        var flags = Libc.POSIX_SPAWN_SETSIGDEF | Libc.POSIX_SPAWN_SETSIGMASK;
        flags |= ownSession ? Libc.POSIX_SPAWN_SETSID : 0;
        Check(Libc.posix_spawnattr_setflags(_attributes, (short)flags));
        Check(Libc.posix_spawnattr_setsigdefault(_attributes, Libc.SignalSet.All));
        Check(Libc.posix_spawnattr_setsigmask(_attributes, default));
    }

    /// <summary>Signals the child starts with blocked, instead of none.</summary>
    internal void Block(ReadOnlySpan<int> signals) => Check(Libc.posix_spawnattr_setsigmask(_attributes, Libc.SignalSet.Of(signals)));

    internal void Place(int descriptor, int asDescriptor) => Check(Libc.posix_spawn_file_actions_adddup2(_actions, descriptor, asDescriptor));

    internal void CloseFrom(int first)
    {
        if (s_closeFromMissing)
        {
            return;
        }

        try
        {
            Check(Libc.posix_spawn_file_actions_addclosefrom_np(_actions, first));
        }
        catch (EntryPointNotFoundException)
        {
            s_closeFromMissing = true;
        }
    }

    /// <summary>Returns 0 or the error number of whatever failed first.</summary>
    internal int Run(byte[] path, byte** arguments, byte** environment, out int pid) =>
        Libc.posix_spawn(out pid, path, _actions, _attributes, arguments, environment);

    public void Dispose()
    {
        _ = Libc.posix_spawn_file_actions_destroy(_actions);
        _ = Libc.posix_spawnattr_destroy(_attributes);
        NativeMemory.Free(_attributes);
    }

    /// <exception cref="PosixException">ENOMEM.</exception>
    private static void* Allocate(nuint size)
    {
        try
        {
            return NativeMemory.AllocZeroed(size);
        }
        catch (OutOfMemoryException)
        {
            throw new PosixException(Posix.ENOMEM);
        }
    }

    // ENOMEM is the only error these can have in practice.
    private static void Check(int error)
    {
        if (error != 0)
        {
            throw new PosixException(error);
        }
    }
}
