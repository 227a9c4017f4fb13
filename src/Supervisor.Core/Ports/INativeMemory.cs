namespace Supervisor.Core.Ports;

/// <summary>
/// Memory of the C library. The collector neither moves it nor counts it, so that what is large and soon gone does not make everything stop.
/// </summary>
public interface INativeMemory
{
    /// <summary>Throws <see cref="OutOfMemoryException"/>.</summary>
    /// <param name="size">Bytes, more than none; what they hold at first is anything.</param>
    INativeBlock Allocate(int size);
}

/// <summary>One piece of it, gone when disposed of, whoever still has <see cref="Memory"/>.</summary>
public interface INativeBlock : IDisposable
{
    /// <summary>All of it; another one after <see cref="Resize"/>.</summary>
    Memory<byte> Memory { get; }

    /// <summary>Keeps what fits. Throws <see cref="OutOfMemoryException"/>, and then it is as it was.</summary>
    /// <param name="size">Bytes, more than none.</param>
    void Resize(int size);
}
