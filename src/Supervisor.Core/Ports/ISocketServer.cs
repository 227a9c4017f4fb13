using System.Net;

namespace Supervisor.Core.Ports;

/// <summary>Accepts the clients of listening sockets and moves their bytes. Callable from any thread.</summary>
public interface ISocketServer
{
    /// <summary>
    /// Borrows a bound and listening stream socket until the listener is disposed of. Throws <see cref="PosixException"/> when it cannot be
    /// watched, and <see cref="OutOfMemoryException"/> when a thread for it cannot be had.
    /// </summary>
    ISocketListener Listen(nint descriptor);
}

/// <summary>One listening socket. Dispose of it when nobody accepts any more.</summary>
public interface ISocketListener : IDisposable
{
    /// <summary>
    /// The next client; one that has left meanwhile is passed over. Throws <see cref="PosixException"/> when there is one that cannot be taken,
    /// which mostly means that descriptors have run out: it is still there at the next call.
    /// </summary>
    ValueTask<ClientStream> AcceptAsync(CancellationToken cancellationToken);
}

/// <summary>
/// A client's connection: reads give what has come, writes return when the kernel has taken everything. One read and one write at a time;
/// both throw <see cref="IOException"/> when the connection is broken. Disposing of it closes it in order.
/// </summary>
public abstract class ClientStream : Stream
{
    /// <summary>Whence; null for a unix socket.</summary>
    public abstract IPEndPoint? Remote { get; }

    /// <summary>Cancelled as soon as the client has closed its side, read or not.</summary>
    public abstract CancellationToken Gone { get; }

    /// <summary>Sends as much as the kernel takes at once, and says how much that was. Throws <see cref="IOException"/>.</summary>
    public abstract int TrySend(ReadOnlySpan<byte> data);

    /// <summary>Ends both directions at once. What waits in a read sees the end, what waits in a write an <see cref="IOException"/>.</summary>
    public abstract void Abort();
}
