using System.Globalization;
using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>A listening socket of the HTTP servers, ready for accept (DMN-019..023).</summary>
public sealed class ListeningSocket : IDisposable
{
    // What the reference's HTTP library asks for; the kernel cuts it to net.core.somaxconn.
    private const int Backlog = 1024;
    private int _descriptor;

    private readonly FileIdentity _identity;

    private ListeningSocket(int descriptor, string? file = null, string? temporaryName = null, FileIdentity identity = default)
    {
        _identity = identity;
        _descriptor = descriptor;
        File = file;
        TemporaryName = temporaryName;
    }

    /// <summary>-1 once disposed of.</summary>
    public nint Descriptor => _descriptor;

    /// <summary>The path of a unix socket, null for inet.</summary>
    public string? File { get; }

    /// <summary>The name a unix socket was bound to before it was linked to <see cref="File"/>, and still says it has; no such file exists any more.</summary>
    public string? TemporaryName { get; }

    /// <summary>
    /// IPv4, as the reference; an empty host is every interface. An address in brackets is IPv6. Throws <see cref="ListenException"/>.
    /// </summary>
    public static ListeningSocket Inet(string host, int port) => Translate(() =>
    {
        if (SocketAddress.Inet6(host, port) is { } address6)
        {
            using var socket6 = new SocketHandle(Libc.AF_INET6, Libc.SOCK_STREAM);
            socket6.ReuseAddress();
            socket6.RefuseIPv4();
            socket6.Bind(address6);
            socket6.Listen(Backlog);
            return new ListeningSocket(socket6.Take());
        }

        using var socket = new SocketHandle(Libc.AF_INET, Libc.SOCK_STREAM);
        socket.ReuseAddress();
        var address = SocketAddress.Inet(host, port, out var resolverError)
            ?? throw ListenException.Reported(resolverError.ToString(CultureInfo.InvariantCulture));
        socket.Bind(address);
        socket.Listen(Backlog);
        return new ListeningSocket(socket.Take());
    });

    /// <summary>
    /// Binds <c>FILE.PID</c>, sets mode and owner, and only then links it to the file, so no client ever meets a wrong one. A file that nobody
    /// answers on is removed, which is reported on standard error. Throws <see cref="ListenException"/>.
    /// </summary>
    /// <param name="uid">Owner, -1 to leave it.</param>
    /// <param name="gid">Group, -1 to leave it.</param>
    /// <param name="missing">Only where no file has the name: leaves one that is there alone, and never waits for its owner.</param>
    public static ListeningSocket Unix(string file, int mode, int uid, int gid, bool missing = false) => Translate(() =>
    {
        var creation = new UnixSocketFile(file, mode, uid, gid);
        return missing ? creation.CreateMissing(Backlog, Take) : creation.Create(Backlog, Take);

        ListeningSocket Take(int descriptor, string name, FileIdentity identity) => new(descriptor, file, name, identity);
    });

    /// <summary>The file of a unix socket is gone: the socket cannot be reached any more.</summary>
    public bool IsFileMissing => File is not null && FileIdentity.OfName(OsText.Encode(File)) is null && Libc.Errno == Posix.ENOENT;

    /// <summary>
    /// Removes the file of a unix socket if it still is this socket's; call it before <see cref="Dispose"/>, for the kernel may give the
    /// number of a closed socket's file to another. What prevents it is not reported (DMN-052).
    /// </summary>
    public void RemoveFile()
    {
        if (File is not null && _descriptor >= 0 && FileIdentity.OfName(OsText.Encode(File)) == _identity)
        {
            _ = Libc.unlink(OsText.Encode(File));
        }
    }

    /// <summary>Closes; the file stays (<see cref="RemoveFile"/>).</summary>
    public void Dispose()
    {
        if (_descriptor >= 0)
        {
            Libc.Close(_descriptor);
            _descriptor = -1;
        }
    }

    private static ListeningSocket Translate(Func<ListeningSocket> create)
    {
        try
        {
            return create();
        }
        catch (PosixException e)
        {
            throw ListenException.Of(e.Errno);
        }
    }
}
