using System.Text;
using Microsoft.Extensions.Time.Testing;
using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Logging;
using Supervisor.Core.Ports;
using Supervisor.Daemon.Logging;
using Supervisor.Testing.Files;

namespace Supervisor.Daemon.Tests.Logging;

public sealed class ActivityLogTests : IDisposable
{
    private const string Time = "2026-01-02 03:04:05,678 ";

    private readonly MemoryFileSystem _files = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero));
    private readonly StringBuilder _output = new();
    private readonly RecordingSyslog _syslog = new();
    private readonly List<ActivityLog> _logs = [];

    public void Dispose() => _logs.ForEach(log => log.Dispose());

    [Fact]
    public void Write_LineEndsOfAClient_AreOneLineInFileAndMirror()
    {
        var log = Open("/log");
        log.Error("GET /error\n2026-11-28 08:02:00,000 CRIT forged\r\u001b[2J");
        const string line = Time + "ERRO GET /error\\n2026-11-28 08:02:00,000 CRIT forged\\r\\x1b[2J\n";
        Assert.Equal(line, _files["/log"]);
        Assert.Equal(line, _output.ToString());
    }

    [Fact]
    public void Write_LineEndsOfAClient_AreOneLineInSyslog_DMN013()
    {
        var log = Open("syslog");
        log.Warn("a\nb");
        log.Write(LogLevel.Critical, "first\nsecond\u001b\n", LogTextKind.Lines);
        Assert.Equal([Time + "WARN a\\nb\n", Time + "CRIT first\n", Time + "CRIT second\\x1b\n"], _syslog.Lines);
    }

    [Fact]
    public void Write_LinesOfOurOwn_StayAsTheyAre()
    {
        const string message = "unknown problem killing p (1):Traceback (most recent call last):\nPermissionError: [Errno 1] Operation not permitted\n";
        Open("/log").Write(LogLevel.Critical, message, LogTextKind.Lines);
        Assert.Equal(Time + "CRIT " + message + "\n", _files["/log"]);
    }

    [Fact]
    public void Write_EndlessText_IsCut()
    {
        Open("/log").Warn(new string('x', 10_000_000));
        Assert.InRange(_files["/log"].Length, LogText.LongestLine, LogText.LongestLine + 100);
    }

    private ActivityLog Open(string target)
    {
        var log = new ActivityLog(
            new SupervisordConfig { LogFile = target, LogLevel = LogLevel.Trace, ChildLogDir = "/", PidFile = "/pid" }, _files, _syslog,
            bytes => _output.Append(Encoding.UTF8.GetString(bytes.Span)), _time);
        _logs.Add(log);
        return log;
    }

    private sealed class RecordingSyslog : ISyslog
    {
        public List<string> Lines { get; } = [];

        public void Write(ReadOnlySpan<byte> line) => Lines.Add(Encoding.UTF8.GetString(line));
    }
}
