using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>Accepts from one listening socket.</summary>
internal sealed class ClientListener : ISocketListener, ISocketEvents
{
    // So many in a row, and those that are here already have their turn.
    private const int Share = 16;

    private readonly SocketLoop _loop;
    private readonly AsyncAutoResetEvent _readable = new();
    private readonly int _descriptor;
    private int _inARow;

    /// <summary>Throws <see cref="PosixException"/>.</summary>
    public ClientListener(SocketLoop loop, int descriptor)
    {
        _loop = loop;
        _descriptor = descriptor;
        Libc.SetNonBlocking(descriptor);
        loop.Watch(descriptor, Libc.EPOLLIN, this);
    }

    ulong ISocketEvents.Registration { get; set; }

    public async ValueTask<ClientStream> AcceptAsync(CancellationToken cancellationToken)
    {
        if (++_inARow > Share)
        {
            await new LoopYield(_loop);
            _inARow = 0;
        }

        while (true)
        {
            if (TryAccept() is { } client)
            {
                return client;
            }

            await _readable.WaitAsync(cancellationToken);
            _inARow = 0;
        }
    }

    void ISocketEvents.On(uint events) => _readable.Signal();

    public void Dispose() => _loop.Unwatch(_descriptor, this);

    private unsafe ClientSocket? TryAccept()
    {
        var address = stackalloc byte[128];
        while (true)
        {
            var length = 128u;
            var client = Libc.accept4(_descriptor, address, &length, Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC);
            if (client >= 0)
            {
                var remote = RemoteAddress.Read(new ReadOnlySpan<byte>(address, (int)length));
                if (remote.IsInternet)
                {
                    // The client may have left already; reads will tell.
                    var on = 1;
                    _ = Libc.setsockopt(client, Libc.IPPROTO_TCP, Libc.TCP_NODELAY, &on, sizeof(int));
                }

                return new ClientSocket(_loop, client, remote);
            }

            switch (Libc.Errno)
            {
                case Posix.EAGAIN:
                    return null;
                case Posix.EINTR or Posix.ECONNABORTED or Posix.EPROTO:
                    // Gone before it was its turn.
                    break;
                case var errno:
                    throw new PosixException(errno);
            }
        }
    }
}
