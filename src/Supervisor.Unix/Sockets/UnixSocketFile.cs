using System.Globalization;
using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>The creation of one unix HTTP socket (DMN-021..023, TRAP-46).</summary>
internal sealed unsafe class UnixSocketFile(string file, int mode, int uid, int gid)
{
    // Somebody who takes the connection and then says nothing for so long is alive all the same.
    private const int ProbeSeconds = 5;

    // Somebody else may hold a lock on the directory for reasons of their own: then it goes without, as it does without a lock.
    private const int LockAttempts = 200;
    private const int LockPauseMilliseconds = 10;

    private readonly string _temporary = file + "." + ProcessIdentity.Pid.ToString(CultureInfo.InvariantCulture);

    /// <summary>Throws <see cref="PosixException"/> or <see cref="ListenException"/>.</summary>
    internal T Create<T>(int backlog, Func<int, string, T> take)
    {
        var temporary = OsText.Encode(_temporary);
        var target = OsText.Encode(file);
        _ = Libc.unlink(temporary);

        // One at a time: of two that find the same stale file, the second would remove the first one's new socket.
        using var turn = TakeTurn();
        while (true)
        {
            using var socket = new SocketHandle(Libc.AF_UNIX, Libc.SOCK_STREAM);
            try
            {
                socket.Bind(SocketAddress.Unix(_temporary) ?? throw ListenException.Reported("AF_UNIX path too long"));
                Libc.Check(Libc.chmod(temporary, (uint)mode));

                // Before it has its name: a file that nobody answers is then stale for certain, without the pause of QRK-042.
                socket.Listen(backlog);
                if (Libc.link(temporary, target) == 0)
                {
                    ChangeOwner(target);
                    return take(socket.Take(), _temporary);
                }

                // Anything but a file in the way will not go away by trying again.
                if (Libc.Errno != Posix.EEXIST)
                {
                    throw new PosixException(Libc.Errno, file);
                }
            }
            finally
            {
                _ = Libc.unlink(temporary);
            }

            ClearStale(target);
        }
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

    private void ChangeOwner(byte[] target)
    {
        if (Libc.chown(target, unchecked((uint)uid), unchecked((uint)gid)) == 0)
        {
            return;
        }

        if (Libc.Errno != Posix.EPERM)
        {
            throw new PosixException(Libc.Errno, file);
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
