using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>A blocking close-on-exec socket under construction; closes itself unless taken.</summary>
internal sealed unsafe class SocketHandle : IDisposable
{
    private int _descriptor;

    /// <summary>Throws <see cref="PosixException"/>.</summary>
    internal SocketHandle(int family, int type)
    {
        _descriptor = Libc.Check(Libc.socket(family, type | Libc.SOCK_CLOEXEC, 0));
    }

    internal int Descriptor => _descriptor;

    internal void ReuseAddress()
    {
        var on = 1;
        Libc.Check(Libc.setsockopt(_descriptor, Libc.SOL_SOCKET, Libc.SO_REUSEADDR, &on, sizeof(int)));
    }

    /// <summary>An IPv6 socket leaves the port free for an IPv4 socket, whatever the machine's default is.</summary>
    internal void RefuseIPv4()
    {
        var on = 1;
        Libc.Check(Libc.setsockopt(_descriptor, Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY, &on, sizeof(int)));
    }

    /// <summary>For sends and receives; they then fail with EAGAIN.</summary>
    internal void LimitTime(int seconds)
    {
        var limit = new Libc.TimeValue { Seconds = seconds };
        Libc.Check(Libc.setsockopt(_descriptor, Libc.SOL_SOCKET, Libc.SO_RCVTIMEO, &limit, (uint)sizeof(Libc.TimeValue)));
        Libc.Check(Libc.setsockopt(_descriptor, Libc.SOL_SOCKET, Libc.SO_SNDTIMEO, &limit, (uint)sizeof(Libc.TimeValue)));
    }

    internal void Bind(byte[] address)
    {
        fixed (byte* start = address)
        {
            Libc.Check(Libc.bind(_descriptor, start, (uint)address.Length));
        }
    }

    /// <summary>Returns 0 or the error number.</summary>
    internal int Connect(byte[] address)
    {
        fixed (byte* start = address)
        {
            return Libc.connect(_descriptor, start, (uint)address.Length) == 0 ? 0 : Libc.Errno;
        }
    }

    internal void Listen(int backlog) => Libc.Check(Libc.listen(_descriptor, backlog));

    internal int Take()
    {
        var taken = _descriptor;
        _descriptor = -1;
        return taken;
    }

    public void Dispose()
    {
        if (_descriptor >= 0)
        {
            Libc.Close(_descriptor);
            _descriptor = -1;
        }
    }
}
