using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>Socket addresses in the kernel's form.</summary>
internal static unsafe class SocketAddress
{
    /// <summary>Bytes of sun_path; the closing zero must fit too, as Python has it.</summary>
    private const int UnixPathSize = 108;

    /// <summary>sockaddr_un, or null when the path is too long.</summary>
    internal static byte[]? Unix(string path)
    {
        var name = OsText.Encode(path);
        if (name.Length > UnixPathSize)
        {
            return null;
        }

        var address = new byte[2 + name.Length];
        BinaryPrimitives.WriteInt16LittleEndian(address, Libc.AF_UNIX);
        name.CopyTo(address, 2);
        return address;
    }

    /// <summary>sockaddr_in6 of an address in brackets, or null when the host is none.</summary>
    internal static byte[]? Inet6(string host, int port)
    {
        if (!host.StartsWith('[') || !host.EndsWith(']') || !IPAddress.TryParse(host[1..^1], out var literal)
            || literal.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return null;
        }

        var address = new byte[28];
        BinaryPrimitives.WriteInt16LittleEndian(address, Libc.AF_INET6);
        BinaryPrimitives.WriteUInt16BigEndian(address.AsSpan(2), (ushort)port);
        literal.TryWriteBytes(address.AsSpan(8), out _);
        BinaryPrimitives.WriteUInt32LittleEndian(address.AsSpan(24), (uint)literal.ScopeId);
        return address;
    }

    /// <summary>
    /// sockaddr_in of the host's first IPv4 address; an empty host is any interface. Null with the (negative) number of the resolver when
    /// there is none. Names mean IPv4 only, as for the reference.
    /// </summary>
    internal static byte[]? Inet(string host, int port, out int resolverError)
    {
        resolverError = 0;
        var address = new byte[16];
        BinaryPrimitives.WriteInt16LittleEndian(address, Libc.AF_INET);
        BinaryPrimitives.WriteUInt16BigEndian(address.AsSpan(2), (ushort)port);
        if (host.Length == 0)
        {
            return address;
        }

        if (host.Count('.') == 3 && IPAddress.TryParse(host, out var literal) && literal.AddressFamily == AddressFamily.InterNetwork)
        {
            literal.TryWriteBytes(address.AsSpan(4), out _);
            return address;
        }

        var hints = new Libc.AddressInfo { Family = Libc.AF_INET, SocketType = Libc.SOCK_STREAM };
        Libc.AddressInfo* found;
        resolverError = Libc.getaddrinfo(OsText.Encode(host), null, &hints, &found);
        if (resolverError != 0)
        {
            return null;
        }

        new ReadOnlySpan<byte>(found->Address + 4, 4).CopyTo(address.AsSpan(4));
        Libc.freeaddrinfo(found);
        return address;
    }
}
