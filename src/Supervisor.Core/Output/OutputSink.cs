using System.Text;
using Supervisor.Core.Configuration.Expansion;
using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Logging;
using Supervisor.Core.Ports;

namespace Supervisor.Core.Output;

/// <summary>
/// One channel's way from the pipe to its targets: capture, stripping, log file and syslog, mirror in the activity log, events, in this
/// order (LOG-042). Without capture, stripping, mirror and events a chunk goes to the file as it is, without allocation.
/// </summary>
internal sealed class OutputSink : IOutputSink
{
    private readonly string _processName;
    private readonly OutputChannel _channel;
    private readonly ChannelConfig _config;
    private readonly bool _strip;
    private readonly bool _listener;
    private readonly IChannelEvents? _events;
    private readonly IActivityLog _log;
    private readonly ISyslog? _syslog;
    private readonly RotatingLogFile? _file;
    private readonly CaptureScanner? _scanner;
    private readonly CaptureBuffer? _capture;
    private byte[] _stripped = [];
    private bool _closed;

    public OutputSink(
        string processName, OutputChannel channel, ChannelConfig config, string? logPath, bool strip, IChannelEvents? events,
        IFileSystem files, ISyslog syslog, IActivityLog log)
    {
        _processName = processName;
        _channel = channel;
        _config = config;
        _strip = strip;
        _events = events;
        _listener = events is null;
        _log = log;
        // A listener's stdout is only logged: no capture, no events, no syslog (EVT-020).
        _syslog = config.Syslog && !_listener ? syslog : null;
        _file = logPath is null
            ? null
            : new RotatingLogFile(
                files, logPath, config.MaxBytes, config.Backups, text => log.Critical($"{processName}: {text}"),
                isPrivate: config.LogFile.Kind == LogTargetKind.Auto);
        if (config.CaptureMaxBytes > 0 && !_listener)
        {
            _scanner = new CaptureScanner();
            _capture = new CaptureBuffer(config.CaptureMaxBytes);
        }
    }

    private string ChannelName => _channel == OutputChannel.Stdout ? "stdout" : "stderr";

    public void Push(ReadOnlySpan<byte> chunk)
    {
        if (chunk.IsEmpty)
        {
            return;
        }

        if (_listener)
        {
            // Mirrored as it came, stripped only in the file.
            Mirror(chunk);
            ToFile(Strip(chunk));
            return;
        }

        if (_scanner is null)
        {
            Record(chunk, capturing: false);
            return;
        }

        _scanner.Add(chunk);
        while (true)
        {
            var capturing = _scanner.Capturing;
            if (!_scanner.TryNext(out var piece, out var toggled))
            {
                return;
            }

            Record(piece, capturing);
            if (toggled && capturing)
            {
                EmitCapture();
            }
        }
    }

    public void Close()
    {
        if (_scanner is not null)
        {
            Record(_scanner.TakeRest(), _scanner.Capturing);
        }

        _closed = true;
        if (BlockedOn is null)
        {
            _file?.Dispose();
        }
    }

    public int? BlockedOn => _file?.BlockedOn;

    public void Resume()
    {
        _file?.Flush();
        if (_closed && BlockedOn is null)
        {
            _file?.Dispose();
        }
    }

    public void Abandon() => _file?.Dispose();

    public void ReopenLog() => _file?.Reopen();

    public string? ClearLog()
    {
        _capture?.Clear();
        try
        {
            _file?.Clear();
            return null;
        }
        catch (PosixException e)
        {
            return e.Message;
        }
    }

    private void Record(ReadOnlySpan<byte> data, bool capturing)
    {
        if (data.IsEmpty)
        {
            return;
        }

        data = Strip(data);
        if (capturing)
        {
            _capture!.Append(data);
        }
        else
        {
            ToFile(data);
            ToSyslog(data);
        }

        Mirror(data);
        if (_config.EventsEnabled)
        {
            // Captured bytes are reported too, whatever the documentation says (LOG-056).
            _events?.LogChunk(_channel, data);
        }
    }

    private void EmitCapture()
    {
        _events?.Communication(_channel, _capture!.Content);
        _log.Debug($"{PythonRepr.Of(_processName)} {PythonRepr.Of(ChannelName)} emitted a comm event");
        _capture!.Clear();
    }

    private ReadOnlySpan<byte> Strip(ReadOnlySpan<byte> data)
    {
        if (!_strip || data.IndexOf((byte)0x1b) < 0)
        {
            return data;
        }

        if (_stripped.Length < data.Length)
        {
            _stripped = new byte[data.Length];
        }

        return _stripped.AsSpan(0, AnsiEscapes.Strip(data, _stripped));
    }

    private void ToFile(ReadOnlySpan<byte> data)
    {
        if (_file is not null && !data.IsEmpty)
        {
            _file.Write(data);
        }
    }

    private void ToSyslog(ReadOnlySpan<byte> data)
    {
        if (_syslog is null)
        {
            return;
        }

        data = data.TrimEnd((byte)'\n');
        var name = Encoding.UTF8.GetBytes(_processName + " ");
        foreach (var range in data.Split((byte)'\n'))
        {
            _syslog.Write([.. name, .. data[range]]);
        }
    }

    private void Mirror(ReadOnlySpan<byte> data)
    {
        if (!_log.IsEnabled(LogLevel.Debug))
        {
            return;
        }

        _log.Write(
            LogLevel.Debug, $"{PythonRepr.Of(_processName)} {ChannelName} output:\n{(_listener ? PythonRepr.OfBytes(data) : Decode(data))}",
            LogTextKind.Lines);
    }

    private static string Decode(ReadOnlySpan<byte> data)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(data);
        }
        catch (DecoderFallbackException)
        {
            return "Undecodable: " + PythonRepr.OfBytes(data);
        }
    }
}
