using System.Globalization;
using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>The daemon's own uid (TRAP-47). These change the whole process, unlike what a spawn does.</summary>
public static unsafe class Privileges
{
    /// <summary>The real uid.</summary>
    public static int Uid => (int)Libc.getuid();

    public static bool IsRoot => Libc.getuid() == 0;

    /// <summary>
    /// Becomes the user with its groups, for good (DMN-006). Null on success, also when it is that user already; otherwise the text of DMN-005.
    /// Throws <see cref="PosixException"/> when the very last step, setuid(2), is refused.
    /// </summary>
    public static string? Drop(int uid, UserDatabase users)
    {
        var refusal = Judge(uid, users, out var user);
        if (refusal is not null || user is null)
        {
            return refusal;
        }

        var groups = users.GroupsOf(user);
        fixed (uint* first = groups)
        {
            if (Libc.setgroups((nuint)groups.Length, first) < 0)
            {
                return "Could not set groups of effective user";
            }
        }

        if (Libc.setgid((uint)user.Gid) < 0)
        {
            return "Could not set group id of effective user";
        }

        Libc.Check(Libc.setuid((uint)user.Uid));
        return null;
    }

    /// <summary>
    /// May this process become that user? A text if not; otherwise null, and the entry to become, or no entry when it is that user already
    /// (which a daemon without privileges may ask for, SPN-032).
    /// </summary>
    internal static string? Judge(int uid, UserDatabase users, out UserEntry? user)
    {
        user = users.FindUser(uid);
        if (user is null)
        {
            return "Can't find uid " + uid.ToString(CultureInfo.InvariantCulture);
        }

        if (Uid == uid)
        {
            user = null;
            return null;
        }

        return IsRoot ? null : "Can't drop privilege as nonroot user";
    }
}
