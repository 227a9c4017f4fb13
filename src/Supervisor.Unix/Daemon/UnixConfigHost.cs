using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>The machine as a configuration sees it.</summary>
public sealed unsafe class UnixConfigHost : IConfigHost
{
    private const int NodeNameOffset = 65;
    private const int SmallFile = 64 * 1024;

    private readonly UserDatabase _users;
    private readonly PosixFileSystem _files = new();

    /// <summary>Takes the environment of this moment; create it after <see cref="Daemonizer.Inherited"/>.</summary>
    public UnixConfigHost(UserDatabase users)
    {
        _users = users;
        Environment = NativeEnvironment.Read();
    }

    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Throws <see cref="PosixException"/> when the directory is gone.</summary>
    public string WorkingDirectory
    {
        get
        {
            var buffer = stackalloc byte[4096];
            return Libc.getcwd(buffer, 4096) is null ? throw new PosixException(Libc.Errno) : OsText.Decode(buffer);
        }
    }

    public string HostName
    {
        get
        {
            var names = stackalloc byte[6 * 65];
            Libc.Check(Libc.uname(names));
            return OsText.Decode(names + NodeNameOffset);
        }
    }

    public int Uid => Privileges.Uid;

    public byte[]? ReadFile(string path) => TryRead(() => WholeFile.ReadStream(path));

    public byte[]? ReadSmallFile(string path) => TryRead(() => WholeFile.Read(path, SmallFile));

    private static byte[]? TryRead(Func<byte[]> read)
    {
        try
        {
            return read();
        }
        catch (PosixException)
        {
            // The contract's answer; the reader of the configuration has the text for it.
            return null;
        }
    }

    public bool Exists(string path) => _files.Exists(path);

    public bool DirectoryExists(string path) => _files.Stat(path) is { IsDirectory: true };

    public IReadOnlyList<string> List(string directory)
    {
        try
        {
            return DirectoryNames.Read(directory);
        }
        catch (PosixException)
        {
            return [];
        }
    }

    public UserEntry? FindUser(string name) => _users.FindUser(name);

    public UserEntry? FindUser(int uid) => _users.FindUser(uid);

    public int? FindGroup(string name) => _users.FindGroup(name);

    public bool GroupExists(int gid) => _users.GroupExists(gid);
}
