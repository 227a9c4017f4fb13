using System.Globalization;
using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>Sockets of fcgi-programs (SPN-040..044). Blocking and close-on-exec: the child's descriptor 0 is a duplicate.</summary>
public sealed class FcgiSockets : IFcgiSockets
{
    private const string UnixScheme = "unix://";
    private const string TcpScheme = "tcp://";

    /// <summary>The exception's message is the bare cause; who reports it puts <c>Could not create FastCGI socket URL: </c> before it (DMN-028).</summary>
    public int Open(FcgiSocketConfig socket)
    {
        try
        {
            return socket.Url.StartsWith(UnixScheme, StringComparison.Ordinal)
                ? OpenUnix(socket, socket.Url[UnixScheme.Length..])
                : OpenInet(socket);
        }
        catch (PosixException e)
        {
            throw new FcgiSocketException($"[Errno {e.Errno.ToString(CultureInfo.InvariantCulture)}] {Posix.Describe(e.Errno)}");
        }
    }

    public void Close(int descriptor) => Libc.Close(descriptor);

    private static int BacklogOf(FcgiSocketConfig socket) => socket.Backlog is { } backlog and not 0 ? backlog : Libc.SOMAXCONN;

    private static int OpenInet(FcgiSocketConfig config)
    {
        var address = config.Url.StartsWith(TcpScheme, StringComparison.Ordinal) ? config.Url[TcpScheme.Length..] : config.Url;
        var colon = address.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > ushort.MaxValue)
        {
            throw new FcgiSocketException("Bad socket format " + config.Url);
        }

        using var socket = new SocketHandle(Libc.AF_INET, Libc.SOCK_STREAM);
        socket.ReuseAddress();
        var name = SocketAddress.Inet(address[..colon].ToLowerInvariant(), port, out var resolverError)
            ?? throw new FcgiSocketException(ResolverTexts.Describe(resolverError));
        socket.Bind(name);
        socket.Listen(BacklogOf(config));
        return socket.Take();
    }

    private static int OpenUnix(FcgiSocketConfig config, string path)
    {
        var name = OsText.Encode(path);
        var files = new PosixFileSystem();
        if (files.Exists(path))
        {
            files.Unlink(path);
        }

        using var socket = new SocketHandle(Libc.AF_UNIX, Libc.SOCK_STREAM);
        try
        {
            socket.Bind(SocketAddress.Unix(path) ?? throw new FcgiSocketException("AF_UNIX path too long"));
            using var bound = new BoundFile(name);
            if (config.Owner is { } owner && bound.ChangeOwner(owner.Uid, owner.Gid) is var ownerError and not 0)
            {
                throw new FcgiSocketException($"Could not change ownership of socket file: {Cause(ownerError, path)}");
            }

            if (config.Mode is { } mode && bound.ChangeMode((uint)mode) is var modeError and not 0)
            {
                throw new FcgiSocketException($"Could not change permissions of socket file: {Cause(modeError, path)}");
            }

            socket.Listen(BacklogOf(config));
            return socket.Take();
        }
        catch
        {
            _ = Libc.unlink(name);
            throw;
        }
    }

    private static string Cause(int error, string path) =>
        $"[Errno {error.ToString(CultureInfo.InvariantCulture)}] {Posix.Describe(error)}: {Supervisor.Core.Configuration.Expansion.PythonRepr.Of(path)}";
}
