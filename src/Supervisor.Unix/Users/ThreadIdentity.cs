using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>
/// Another user's identity, worn by the calling thread alone while it spawns: raw system calls, since the C library's wrappers would change
/// every thread. The saved uid stays 0, so the way back is open; execve overwrites it with the effective one, so the child has none.
/// </summary>
internal ref struct ThreadIdentity
{
    private readonly uint[] _groups;
    private readonly (uint Real, uint Effective, uint Saved) _gid;
    private readonly (uint Real, uint Effective, uint Saved) _uid;
    private bool _taken;

    private ThreadIdentity(uint[] groups, (uint, uint, uint) gid, (uint, uint, uint) uid)
    {
        _groups = groups;
        _gid = gid;
        _uid = uid;
    }

    /// <summary>Null on success, otherwise the reference's text (DMN-005); then the identity is the old one again.</summary>
    internal static string? Take(UserEntry user, ReadOnlySpan<uint> groups, out ThreadIdentity identity)
    {
        identity = Current();
        identity._taken = true;
        string? refusal = null;
        if (Libc.SetThreadGroups(groups) < 0)
        {
            refusal = "Could not set groups of effective user";
        }
        else if (Libc.SetThreadGid((uint)user.Gid, (uint)user.Gid, (uint)user.Gid) < 0)
        {
            refusal = "Could not set group id of effective user";
        }
        else if (Libc.SetThreadUid((uint)user.Uid, (uint)user.Uid, 0) < 0)
        {
            refusal = new PosixException(Libc.Errno).Message;
        }

        if (refusal is not null)
        {
            identity.Restore();
        }

        return refusal;
    }

    /// <summary>Back to what it was. A daemon that cannot get its own identity back must not run on with somebody else's.</summary>
    internal void Restore()
    {
        if (!_taken)
        {
            return;
        }

        _taken = false;
        // The uid first: it brings back the right to set the others.
        if (Libc.SetThreadUid(_uid.Real, _uid.Effective, _uid.Saved) < 0
            || Libc.SetThreadGid(_gid.Real, _gid.Effective, _gid.Saved) < 0
            || Libc.SetThreadGroups(_groups) < 0)
        {
            Environment.FailFast($"cannot take the daemon's identity back: {Posix.Describe(Libc.Errno)}");
        }
    }

    private static unsafe ThreadIdentity Current()
    {
        Libc.Check(Libc.getresuid(out var ruid, out var euid, out var suid));
        Libc.Check(Libc.getresgid(out var rgid, out var egid, out var sgid));
        var groups = new uint[Libc.Check(Libc.getgroups(0, null))];
        fixed (uint* first = groups)
        {
            Libc.Check(Libc.getgroups(groups.Length, first));
        }

        return new ThreadIdentity(groups, (rgid, egid, sgid), (ruid, euid, suid));
    }
}
