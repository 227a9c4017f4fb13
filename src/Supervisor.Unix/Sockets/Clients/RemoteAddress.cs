using System.Buffers.Binary;
using System.Net;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>Where a client comes from, without an object for it: thousands may be connected, and hardly ever does anybody ask.</summary>
internal readonly struct RemoteAddress
{
    private readonly UInt128 _address;
    private readonly uint _scope;
    private readonly ushort _port;
    private readonly short _family;

    private RemoteAddress(short family, UInt128 address, uint scope, ushort port)
    {
        (_family, _address, _scope, _port) = (family, address, scope, port);
    }

    public bool IsInternet => _family is Libc.AF_INET or Libc.AF_INET6;

    /// <param name="address">A sockaddr as accept(2) gives it.</param>
    public static RemoteAddress Read(ReadOnlySpan<byte> address) => address.Length < 2 ? default : BinaryPrimitives.ReadInt16LittleEndian(address) switch
    {
        Libc.AF_INET => new(Libc.AF_INET, BinaryPrimitives.ReadUInt32BigEndian(address[4..]), 0, BinaryPrimitives.ReadUInt16BigEndian(address[2..])),
        Libc.AF_INET6 => new(
            Libc.AF_INET6, BinaryPrimitives.ReadUInt128BigEndian(address[8..]), BinaryPrimitives.ReadUInt32LittleEndian(address[24..]),
            BinaryPrimitives.ReadUInt16BigEndian(address[2..])),
        _ => default,
    };

    /// <summary>Null for a unix socket.</summary>
    public IPEndPoint? ToEndPoint()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _address);
        return _family switch
        {
            Libc.AF_INET => new IPEndPoint(new IPAddress(bytes[12..]), _port),
            Libc.AF_INET6 => new IPEndPoint(new IPAddress(bytes, _scope), _port),
            _ => null,
        };
    }
}
