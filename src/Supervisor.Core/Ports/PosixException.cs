namespace Supervisor.Core.Ports;

/// <summary>A refused system call, with what Python's OSError would show of it.</summary>
public sealed class PosixException(int errno, string? path = null)
    : Exception(path is null
        ? $"[Errno {errno}] {Posix.Describe(errno)}"
        : $"[Errno {errno}] {Posix.Describe(errno)}: {path}")
{
    /// <summary>Linux error number.</summary>
    public int Errno { get; } = errno;

    public string? Path { get; } = path;
}
