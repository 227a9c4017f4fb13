using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>The names in a directory, without <c>.</c> and <c>..</c>, in the order of the file system.</summary>
internal static unsafe class DirectoryNames
{
    // Inode and offset of 8 bytes each, the length of the entry, and its type.
    private const int NameOffset = 19;

    internal static List<string> Read(string directory)
    {
        var handle = Libc.opendir(OsText.Encode(directory));
        if (handle == 0)
        {
            throw new PosixException(Libc.Errno, directory);
        }

        try
        {
            var names = new List<string>();
            for (var entry = Libc.readdir(handle); entry is not null; entry = Libc.readdir(handle))
            {
                var name = OsText.Decode(entry + NameOffset);
                if (name is not ("." or ".."))
                {
                    names.Add(name);
                }
            }

            return names;
        }
        finally
        {
            _ = Libc.closedir(handle);
        }
    }
}
