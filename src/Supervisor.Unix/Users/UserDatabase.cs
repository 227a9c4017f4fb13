using System.Runtime.InteropServices;
using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>Users and groups through the C library, so whatever nsswitch.conf names is asked. A failing service counts as "no such entry".</summary>
public sealed unsafe class UserDatabase
{
    private const int FirstBuffer = 1024;
    private const int LargestBuffer = 1 << 20;
    private const int ERANGE = 34;

    public UserEntry? FindUser(string name) => ReadUser(OsText.Encode(name), 0);

    /// <summary>A negative uid is nobody's.</summary>
    public UserEntry? FindUser(int uid) => uid < 0 ? null : ReadUser(null, (uint)uid);

    /// <summary>The gid.</summary>
    public int? FindGroup(string name) => ReadGroup(OsText.Encode(name), 0);

    public bool GroupExists(int gid) => gid >= 0 && ReadGroup(null, (uint)gid) is not null;

    /// <summary>The primary group first, then every group that lists the user (DMN-006).</summary>
    internal uint[] GroupsOf(UserEntry user)
    {
        var name = OsText.Encode(user.Name);
        for (var capacity = 64; ; capacity *= 2)
        {
            var groups = new uint[capacity];
            var count = capacity;
            fixed (uint* first = groups)
            {
                if (Libc.getgrouplist(name, (uint)user.Gid, first, ref count) >= 0)
                {
                    return groups[..count];
                }
            }

            capacity = Math.Max(capacity, count);
        }
    }

    private static UserEntry? ReadUser(byte[]? name, uint uid)
    {
        UserEntry? user = null;
        Read((buffer, size) =>
        {
            Libc.Passwd entry;
            Libc.Passwd* found;
            var error = name is null ? Libc.getpwuid_r(uid, &entry, buffer, size, &found) : Libc.getpwnam_r(name, &entry, buffer, size, &found);
            if (error == 0 && found is not null)
            {
                user = new UserEntry(OsText.Decode(entry.Name), (int)entry.Uid, (int)entry.Gid, OsText.Decode(entry.Home));
            }

            return error;
        });
        return user;
    }

    private static int? ReadGroup(byte[]? name, uint gid)
    {
        int? group = null;
        Read((buffer, size) =>
        {
            Libc.Group entry;
            Libc.Group* found;
            var error = name is null ? Libc.getgrgid_r(gid, &entry, buffer, size, &found) : Libc.getgrnam_r(name, &entry, buffer, size, &found);
            if (error == 0 && found is not null)
            {
                group = (int)entry.Gid;
            }

            return error;
        });
        return group;
    }

    // Returns an error number; what the entry points to lies in the buffer.
    private delegate int Query(byte* buffer, nuint size);

    // Again with a larger buffer as long as the entry does not fit.
    private static void Read(Query query)
    {
        for (var size = FirstBuffer; size <= LargestBuffer;)
        {
            byte* buffer;
            try
            {
                buffer = (byte*)NativeMemory.Alloc((nuint)size);
            }
            catch (OutOfMemoryException)
            {
                throw new PosixException(Posix.ENOMEM);
            }

            try
            {
                switch (query(buffer, (nuint)size))
                {
                    case ERANGE:
                        size *= 2;
                        break;
                    case Posix.EINTR:
                        break;
                    default:
                        return;
                }
            }
            finally
            {
                NativeMemory.Free(buffer);
            }
        }
    }
}
