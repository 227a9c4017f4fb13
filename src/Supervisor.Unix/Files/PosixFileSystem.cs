using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>Files by the system calls themselves, so that errors come as numbers and names as bytes.</summary>
public sealed class PosixFileSystem : IFileSystem
{
    // The alphabet and the timeout of Python's tempfile.
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz0123456789_";
    private const int Attempts = 10_000;

    public ILogFile OpenAppend(string path, LogOpening opening = default) => new DescriptorFile(LogOpener.Open(path, opening), path);

    public IReadableFile OpenRead(string path) => ReadableFile.Open(path);

    public string CreateUnique(string directory, string prefix, string suffix)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            // Not to be guessed is no matter here, O_EXCL sees to it that it is new; a generator for secrets would load OpenSSL.
#pragma warning disable CA5394
            var name = prefix + new string(Random.Shared.GetItems<char>(Alphabet, 8)) + suffix;
#pragma warning restore CA5394
            var path = directory.EndsWith('/') ? directory + name : directory + "/" + name;
            var descriptor = Libc.open(OsText.Encode(path), Libc.O_RDWR | Libc.O_CREAT | Libc.O_EXCL | Libc.O_CLOEXEC, 0x180); // 0600
            if (descriptor >= 0)
            {
                Libc.Close(descriptor);
                return path;
            }

            if (Libc.Errno is not (Posix.EEXIST or Posix.EINTR))
            {
                throw new PosixException(Libc.Errno, path);
            }
        }

        throw new PosixException(Posix.EEXIST, directory);
    }

    public void Rename(string from, string to) => Libc.Check(Libc.rename(OsText.Encode(from), OsText.Encode(to)), from);

    public void Unlink(string path)
    {
        var bytes = OsText.Encode(path);
        var last = DeferredUnlink.Take(bytes);
        try
        {
            Libc.Check(Libc.unlink(bytes), path);
        }
        finally
        {
            last?.Release();
        }
    }

    public bool Exists(string path) => Stat(path) is not null;

    public FileStatus? Stat(string path)
    {
        return path.Contains('\0') || Libc.statx(Libc.AT_FDCWD, OsText.Encode(path), 0, Libc.STATX_BASIC, out var status) < 0
            ? null
            : FileStat.Of(status);
    }

    public bool CanExecute(string path) => !path.Contains('\0') && Libc.access(OsText.Encode(path), Libc.X_OK) == 0;

    public IReadOnlyList<string> List(string directory) => DirectoryNames.Read(directory);
}
