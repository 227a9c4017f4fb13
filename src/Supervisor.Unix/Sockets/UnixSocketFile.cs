using System.Globalization;
using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>The creation of one unix HTTP socket (DMN-021..023, TRAP-46).</summary>
internal sealed unsafe class UnixSocketFile(string file, int mode, int uid, int gid)
{
    // A server that takes the connection and then says nothing for so long is alive all the same.
    private const int ProbeSeconds = 5;

    // Somebody else may hold a lock on the directory for reasons of their own: then it is done without one.
    private const int LockAttempts = 200;
    private const int LockPauseMilliseconds = 10;

    // EOPNOTSUPP and ENOSYS.
    private const int NotSupported = 95;
    private const int NotImplemented = 38;

    private readonly string _temporary = file + "." + ProcessIdentity.Pid.ToString(CultureInfo.InvariantCulture);

    internal delegate T Taker<T>(int descriptor, string temporaryName, FileIdentity identity);

    /// <summary>Takes the name from a file that nobody answers on. Throws <see cref="PosixException"/> or <see cref="ListenException"/>.</summary>
    internal T Create<T>(int backlog, Taker<T> take)
    {
        // One at a time: of two that find the same stale file, the second would remove the first one's new socket.
        using var turn = TakeTurn();
        while (true)
        {
            if (TryCreate(backlog, take, out var taken) is var error && error == 0)
            {
                return taken!;
            }

            // Anything but a file in the way will not go away by trying again.
            if (error != Posix.EEXIST)
            {
                throw new PosixException(error, file);
            }

            ClearStale(OsText.Encode(file));
        }
    }

    /// <summary>Leaves any file of that name alone, and never waits. Throws as <see cref="Create"/> does.</summary>
    internal T CreateMissing<T>(int backlog, Taker<T> take) =>
        TryCreate(backlog, take, out var taken) is var error && error == 0
            ? taken!
            : throw new PosixException(error == Posix.EEXIST ? Posix.EADDRINUSE : error, file);

    // 0, or why the name could not be had.
    private int TryCreate<T>(int backlog, Taker<T> take, out T? taken)
    {
        taken = default;
        var temporary = OsText.Encode(_temporary);
        var target = OsText.Encode(file);
        _ = Libc.unlink(temporary);
        using var socket = new SocketHandle(Libc.AF_UNIX, Libc.SOCK_STREAM);
        try
        {
            socket.Bind(SocketAddress.Unix(_temporary) ?? throw ListenException.Reported("AF_UNIX path too long"));
            using var bound = new BoundFile(temporary);
            if (bound.ChangeMode((uint)mode) is var refused && refused != 0)
            {
                throw new PosixException(refused, file);
            }

            ChangeOwner(bound);

            // Before it has its name: a file that nobody answers is then stale for certain, without the pause of QRK-042.
            socket.Listen(backlog);
            var error = Publish(bound, temporary, target);
            if (error == 0)
            {
                taken = take(socket.Take(), _temporary, bound.Identity);
            }

            return error;
        }
        finally
        {
            _ = Libc.unlink(temporary);
        }
    }

    private static int Publish(BoundFile bound, byte[] temporary, byte[] target)
    {
        var error = bound.LinkTo(target);
        if (error is not (Posix.EPERM or NotSupported or NotImplemented or Posix.EINVAL))
        {
            return error;
        }

        // No hard links (NFS, 9p, some FUSE). rename(2) would replace what is there, so that is tested first.
        return FileIdentity.OfName(target) is not null ? Posix.EEXIST : Libc.rename(temporary, target) == 0 ? 0 : Libc.Errno;
    }

    private DirectoryTurn TakeTurn()
    {
        var slash = file.LastIndexOf('/');
        var directory = slash < 0 ? "." : file[..(slash + 1)];
        var descriptor = Libc.open(OsText.Encode(directory), Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        for (var i = 0; descriptor >= 0 && i < LockAttempts && Libc.flock(descriptor, Libc.LOCK_EX | Libc.LOCK_NB) < 0; i++)
        {
            Thread.Sleep(LockPauseMilliseconds);
        }

        return new DirectoryTurn(descriptor);
    }

    private void ClearStale(byte[] target)
    {
        if (IsAnswered())
        {
            throw new PosixException(Posix.EADDRINUSE, file);
        }

        StandardStreams.WriteLine(StandardStreams.Error, "Unlinking stale socket " + file);
        if (Libc.unlink(target) < 0 && Libc.Errno != Posix.ENOENT)
        {
            throw new PosixException(Libc.Errno, file);
        }
    }

    private bool IsAnswered()
    {
        var address = SocketAddress.Unix(file);
        if (address is null)
        {
            return false;
        }

        using var probe = new SocketHandle(Libc.AF_UNIX, Libc.SOCK_STREAM);
        probe.LimitTime(ProbeSeconds);
        var error = probe.Connect(address);
        if (error != 0)
        {
            // A full queue (EAGAIN after the limit) has a living owner.
            return error == Posix.EAGAIN;
        }

        var request = "GET / HTTP/1.0\r\n\r\n"u8;
        fixed (byte* start = request)
        {
            if (Libc.send(probe.Descriptor, start, request.Length, Libc.MSG_NOSIGNAL) < 0)
            {
                return Libc.Errno == Posix.EAGAIN;
            }
        }

        byte reply;
        while (Libc.recv(probe.Descriptor, &reply, 1, 0) < 0)
        {
            if (Libc.Errno != Posix.EINTR)
            {
                return Libc.Errno == Posix.EAGAIN;
            }
        }

        return true;
    }

    private void ChangeOwner(BoundFile bound)
    {
        var error = bound.ChangeOwner(uid, gid);
        if (error == 0)
        {
            return;
        }

        if (error != Posix.EPERM)
        {
            throw new PosixException(error, file);
        }

        var own = (int)Libc.geteuid();
        var name = new UserDatabase().FindUser(own)?.Name ?? own.ToString(CultureInfo.InvariantCulture);
        throw ListenException.ChownRefused(file, uid, gid, name);
    }

    // Closing the descriptor gives the lock back.
    private readonly struct DirectoryTurn(int descriptor) : IDisposable
    {
        public void Dispose()
        {
            if (descriptor >= 0)
            {
                Libc.Close(descriptor);
            }
        }
    }
}
