using System.Globalization;
using System.Text;
using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>
/// /dev/log as the C library's syslog(3) writes it: <c>&lt;14&gt;Mmm dd hh:mm:ss ident: text</c>, local time, user.info (DMN-013, LOG-009). A
/// datagram socket, or a stream with a zero after each record. Never blocks and never throws: what the logger cannot take is lost, as is
/// all while there is no logger. Any thread.
/// </summary>
public sealed unsafe class SyslogSink : ISyslog, IDisposable
{
    private const string DefaultPath = "/dev/log";
    private readonly Lock _gate = new();
    private readonly byte[] _ident;
    private readonly string _path;
    private readonly TimeProvider _time;
    private SocketHandle? _socket;
    private bool _isStream;

    /// <param name="ident">The program's base name.</param>
    public SyslogSink(string ident)
        : this(ident, DefaultPath, TimeProvider.System)
    {
    }

    internal SyslogSink(string ident, string path, TimeProvider time)
    {
        _ident = Encoding.UTF8.GetBytes(ident + ": ");
        _path = path;
        _time = time;
    }

    public void Write(ReadOnlySpan<byte> line)
    {
        var record = Record(line);
        lock (_gate)
        {
            // A second try with a new connection: a logger that was restarted has left the old one dead.
            if (!TrySend(record) && _socket is null)
            {
                TrySend(record);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            Disconnect();
        }
    }

    /// <summary>With a zero at the end, which only a stream sends. A zero inside would end the text for syslog(3) too.</summary>
    private byte[] Record(ReadOnlySpan<byte> line)
    {
        var zero = line.IndexOf((byte)0);
        line = zero < 0 ? line : line[..zero];
        var now = _time.GetLocalNow();
        var head = string.Create(CultureInfo.InvariantCulture, $"<14>{now:MMM} {now.Day,2} {now:HH:mm:ss} ");
        return [.. Encoding.ASCII.GetBytes(head), .. _ident, .. line, 0];
    }

    /// <summary>False when it did not go out; then there is no connection any more unless the logger is merely busy.</summary>
    private bool TrySend(byte[] record)
    {
        if (_socket is null && !Connect())
        {
            // Nothing to try again: keeps Write from connecting twice.
            return true;
        }

        var length = _isStream ? record.Length : record.Length - 1;
        nint sent;
        fixed (byte* start = record)
        {
            sent = Libc.send(_socket!.Descriptor, start, length, Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL);
        }

        if (sent == length || (sent < 0 && Libc.Errno == Posix.EAGAIN))
        {
            return true;
        }

        Disconnect();
        // Half a record on a stream: the rest would be taken for a record of its own, and so would a repetition.
        return sent > 0;
    }

    private bool Connect()
    {
        var address = SocketAddress.Unix(_path);
        return address is not null && (Connect(address, Libc.SOCK_DGRAM) || (_isStream = Connect(address, Libc.SOCK_STREAM)));
    }

    private bool Connect(byte[] address, int type)
    {
        _isStream = false;
        SocketHandle? socket = null;
        try
        {
            socket = new SocketHandle(Libc.AF_UNIX, type | Libc.SOCK_NONBLOCK);
            if (socket.Connect(address) == 0)
            {
                _socket = socket;
                socket = null;
                return true;
            }
        }
        catch (PosixException)
        {
            // Out of descriptors: this record is lost, the next one tries again.
        }
        finally
        {
            socket?.Dispose();
        }

        return false;
    }

    private void Disconnect()
    {
        _socket?.Dispose();
        _socket = null;
    }
}
