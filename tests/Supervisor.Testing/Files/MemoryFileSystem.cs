using System.Text;
using Supervisor.Core.Ports;

namespace Supervisor.Testing.Files;

/// <summary>Files in memory with the semantics that rotation depends on: names point to nodes, open handles keep their node.</summary>
public sealed class MemoryFileSystem : IFileSystem
{
    private readonly Dictionary<string, Node> _names = new(StringComparer.Ordinal);

    /// <summary>Handles opened from now on do not seek.</summary>
    public bool NotSeekable { get; set; }

    /// <summary>Bytes that the targets still take; then they are full.</summary>
    public int Room { get; set; } = int.MaxValue;

    /// <summary>Error number of the coming openings.</summary>
    public int OpenErrno { get; set; }

    /// <summary>Error number of the coming renames.</summary>
    public int RenameErrno { get; set; }

    /// <summary>Whatever exists is a named pipe.</summary>
    public bool Pipes { get; set; }

    /// <summary>Error number of the coming writes.</summary>
    public int WriteErrno { get; set; }

    /// <summary>Paths that may be executed.</summary>
    public HashSet<string> Executables { get; } = new(StringComparer.Ordinal);

    public string this[string path]
    {
        get => Encoding.ASCII.GetString([.. _names[path].Bytes]);
        set => _names[path] = new Node { Bytes = [.. Encoding.ASCII.GetBytes(value)] };
    }

    /// <summary>How the last file was opened.</summary>
    public LogOpening LastOpening { get; private set; }

    /// <summary>No file grows beyond this (RLIMIT_FSIZE).</summary>
    public int LargestFile { get; set; } = int.MaxValue;

    public ILogFile OpenAppend(string path, LogOpening opening = default)
    {
        LastOpening = opening;
        return new Handle(this, Open(path), path);
    }

    public IReadableFile OpenRead(string path) => throw new InvalidOperationException(path);

    public string CreateUnique(string directory, string prefix, string suffix) => throw new InvalidOperationException(directory);

    public void Rename(string from, string to)
    {
        if (RenameErrno != 0)
        {
            throw new PosixException(RenameErrno, from);
        }

        _names[to] = Find(from);
        _names.Remove(from);
    }

    public void Unlink(string path)
    {
        Find(path);
        _names.Remove(path);
    }

    public bool Exists(string path) => _names.ContainsKey(path);

    public FileStatus? Stat(string path) => _names.TryGetValue(path, out var node)
        ? new FileStatus(false, !Pipes, Executables.Contains(path) ? 0x1ED : 0x1A4, node.Bytes.Count, IsPipe: Pipes)
        : null;

    public bool CanExecute(string path) => Executables.Contains(path);

    public IReadOnlyList<string> List(string directory) => throw new InvalidOperationException(directory);

    private Node Find(string path) => _names.TryGetValue(path, out var node) ? node : throw new PosixException(Posix.ENOENT, path);

    private Node Open(string path)
    {
        if (OpenErrno != 0)
        {
            throw new PosixException(OpenErrno, path);
        }

        if (!_names.TryGetValue(path, out var node))
        {
            _names[path] = node = new Node();
        }

        return node;
    }

    private sealed class Node
    {
        public List<byte> Bytes { get; init; } = [];
    }

    private sealed class Handle(MemoryFileSystem files, Node node, string openedAs) : ILogFile
    {
        public bool CanSeek { get; } = !files.NotSeekable;

        public long Position => node.Bytes.Count;

        public int Descriptor => 1000;

        public int Write(ReadOnlySpan<byte> data)
        {
            if (files.WriteErrno != 0)
            {
                throw new PosixException(files.WriteErrno);
            }

            var count = Math.Min(Math.Min(files.Room, files.LargestFile - node.Bytes.Count), data.Length);
            if (count == 0 && node.Bytes.Count >= files.LargestFile)
            {
                throw new PosixException(Posix.EFBIG, openedAs);
            }

            files.Room -= count;
            node.Bytes.AddRange(data[..count]);
            return count;
        }

        public FileRights? Rights => new(0x1A0, 7, 8);

        public bool IsAt(string path) => files._names.TryGetValue(path, out var named) && named == node;

        public void Truncate() => node.Bytes.Clear();

        public void Dispose()
        {
        }
    }
}
