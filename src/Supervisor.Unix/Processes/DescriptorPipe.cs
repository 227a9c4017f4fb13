using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>The daemon's end of a pipe. Loop thread only.</summary>
internal sealed unsafe class DescriptorPipe(int descriptor) : IPipe
{
    private bool _closed;

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

    public void Dispose()
    {
        // Once only: the number may belong to another file by then.
        if (!_closed)
        {
            _closed = true;
            Libc.Close(Descriptor);
        }
    }
}
