using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>The daemon's end of a pipe. Loop thread only.</summary>
internal sealed unsafe class DescriptorPipe(int descriptor) : IPipe
{
    private const int Roomy = 262144;

    // What several hold together should stay in the processor's cache.
    private const int RoomyAlone = 524288;

    // The kernel's memory for full pipes is bounded with this; a user without privileges has a bound of its own.
    private const int MostEnlarged = 64;

    private static int s_enlarged;

    private bool _closed;
    private bool _enlarged;

    public int Descriptor { get; } = descriptor;

    public int Read(Span<byte> buffer)
    {
        if (_closed)
        {
            return -Posix.EBADF;
        }

        fixed (byte* target = buffer)
        {
            while (true)
            {
                var count = Libc.read(Descriptor, target, buffer.Length);
                if (count >= 0)
                {
                    return (int)count;
                }

                if (Libc.Errno != Posix.EINTR)
                {
                    return -Libc.Errno;
                }
            }
        }
    }

    public int Write(ReadOnlySpan<byte> data)
    {
        if (_closed)
        {
            return -Posix.EBADF;
        }

        fixed (byte* source = data)
        {
            while (true)
            {
                var count = Libc.write(Descriptor, source, data.Length);
                if (count >= 0)
                {
                    return (int)count;
                }

                if (Libc.Errno != Posix.EINTR)
                {
                    return -Libc.Errno;
                }
            }
        }
    }

    public void Enlarge(bool alone)
    {
        if (!_closed && !_enlarged && s_enlarged < MostEnlarged && Libc.fcntl(Descriptor, Libc.F_SETPIPE_SZ, alone ? RoomyAlone : Roomy) >= 0)
        {
            _enlarged = true;
            s_enlarged++;
        }
    }

    public void Dispose()
    {
        // Once only: the number may belong to somebody else by then.
        if (!_closed)
        {
            _closed = true;
            if (_enlarged)
            {
                s_enlarged--;
            }

            Libc.Close(Descriptor);
        }
    }
}
