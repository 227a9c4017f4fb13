using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Logging;
using Supervisor.Core.Output;
using Supervisor.Core.Ports;

namespace Supervisor.Testing.Engine;

/// <summary>Knows who watches what; the test fires.</summary>
public sealed class FakePoller : IPoller
{
    public Dictionary<int, (PollInterest Interest, IPollHandler Handler)> Watched { get; } = [];

    /// <summary>As in <see cref="FakeProcessHost.Before"/>.</summary>
    public Action<string> Before { get; set; } = _ => { };

    /// <summary>The error number that watching fails with now; 0 for none.</summary>
    public Func<int> Fault { get; set; } = () => 0;

    public void Watch(int descriptor, PollInterest interest, IPollHandler handler)
    {
        Before("poller.watch");
        if (interest != PollInterest.None && Fault() is var errno and not 0)
        {
            Watched.Remove(descriptor);
            throw new PosixException(errno);
        }

        Watched[descriptor] = (interest, handler);
    }

    public void Unwatch(int descriptor)
    {
        if (!Watched.Remove(descriptor))
        {
            throw new InvalidOperationException($"descriptor {descriptor} is not watched");
        }

        Before("poller.unwatch");
    }

    public void Readable(int descriptor) => Watched[descriptor].Handler.OnReadable();

    public void Writable(int descriptor) => Watched[descriptor].Handler.OnWritable();
}

/// <summary>Every line, as <c>LEVEL text</c>.</summary>
public sealed class RecordingLog : IActivityLog
{
    public List<string> Lines { get; } = [];

    public int Reopened { get; private set; }

    /// <summary>As in <see cref="FakeProcessHost.Before"/>.</summary>
    public Action<string> Before { get; set; } = _ => { };

    public bool IsEnabled(LogLevel level) => true;

    public void Write(LogLevel level, string message, LogTextKind kind = LogTextKind.Line)
    {
        Before("log.write");
        Lines.Add($"{level} {message}");
    }

    public void Reopen() => Reopened++;

    public void Clear()
    {
    }
}

/// <summary>A file system of which only existence and modes matter here.</summary>
public sealed class FakeFiles : IFileSystem
{
    public Dictionary<string, FileStatus> Known { get; } = new(StringComparer.Ordinal)
    {
        ["/bin/prog"] = new FileStatus(false, true, 0x1ED, 10),
    };

    /// <summary>As in <see cref="FakeProcessHost.Before"/>.</summary>
    public Action<string> Before { get; set; } = _ => { };

    public HashSet<string> NotForUs { get; } = new(StringComparer.Ordinal);

    public List<string> Created { get; } = [];

    public ILogFile OpenAppend(string path, LogOpening opening = default) => throw new InvalidOperationException(path);

    /// <summary>The content is that of a real file.</summary>
    public IReadableFile OpenRead(string path) =>
        File.Exists(path) ? new DiskFile(path, Known.GetValueOrDefault(path)) : throw new PosixException(Posix.ENOENT, path);

    public string CreateUnique(string directory, string prefix, string suffix)
    {
        Created.Add($"{directory}/{prefix}12345678{suffix}");
        return Created[^1];
    }

    public void Rename(string from, string to) => throw new InvalidOperationException(from);

    public void Unlink(string path) => throw new InvalidOperationException(path);

    public bool Exists(string path) => Known.ContainsKey(path);

    public FileStatus? Stat(string path)
    {
        Before("files.stat");
        return Known.TryGetValue(path, out var status) ? status : null;
    }

    public bool CanExecute(string path)
    {
        Before("files.canexecute");
        return !NotForUs.Contains(path);
    }

    public IReadOnlyList<string> List(string directory) => throw new InvalidOperationException(directory);
}

public sealed class DiskFile(string path, FileStatus status) : IReadableFile
{
    private readonly Microsoft.Win32.SafeHandles.SafeFileHandle _handle = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);

    public FileStatus Status => status;

    public long Length => RandomAccess.GetLength(_handle);

    public int Read(Span<byte> buffer, long offset) => RandomAccess.Read(_handle, buffer, offset);

    public void Dispose() => _handle.Dispose();
}

public sealed class FakeSink(IChannelEvents? events, OutputChannel channel, Action<string>? before = null) : IOutputSink
{
    public List<string> Chunks { get; } = [];

    public int Reopened { get; private set; }

    public bool Closed { get; private set; }

    public void Push(ReadOnlySpan<byte> chunk)
    {
        before?.Invoke("sink.push");
        Chunks.Add(System.Text.Encoding.UTF8.GetString(chunk));
        events?.LogChunk(channel, chunk);
    }

    public void Close()
    {
        Closed = true;
        before?.Invoke("sink.close");
    }

    /// <summary>Descriptor of a log target that is full.</summary>
    public int? BlockedOn { get; set; }

    public int Resumed { get; private set; }

    public bool Abandoned { get; private set; }

    public void Resume() => Resumed++;

    public void Abandon() => Abandoned = true;

    public void ReopenLog() => Reopened++;

    public string? ClearLog() => null;
}

public sealed class FakeSinks : IOutputSinkFactory
{
    public List<(string Process, OutputChannel Channel, FakeSink Sink)> Made { get; } = [];

    /// <summary>As in <see cref="FakeProcessHost.Before"/>.</summary>
    public Action<string> Before { get; set; } = _ => { };

    /// <summary>Error number of the coming openings.</summary>
    public int Errno { get; set; }

    /// <summary>The error number that opening fails with now; 0 for none.</summary>
    public Func<int> Fault { get; set; } = () => 0;

    public IOutputSink Create(
        string processName, OutputChannel channel, ChannelConfig config, string? logPath, bool stripAnsi, IChannelEvents events) =>
        Add(processName, channel, new FakeSink(config.EventsEnabled ? events : null, channel, call => Before(call)));

    public IOutputSink CreateForListener(string processName, ChannelConfig config, string? logPath, bool stripAnsi) =>
        Add(processName, OutputChannel.Stdout, new FakeSink(null, OutputChannel.Stdout, call => Before(call)));

    private FakeSink Add(string process, OutputChannel channel, FakeSink sink)
    {
        Before("sinks.create");
        if ((Errno != 0 ? Errno : Fault()) is var errno and not 0)
        {
            throw new PosixException(errno);
        }

        Made.Add((process, channel, sink));
        return sink;
    }
}

public sealed class FakeFcgiSockets : IFcgiSockets
{
    private int _next = 900;

    public List<int> Open { get; } = [];

    public string? Refusal { get; set; }

    /// <summary>As in <see cref="FakeProcessHost.Before"/>.</summary>
    public Action<string> Before { get; set; } = _ => { };

    int IFcgiSockets.Open(FcgiSocketConfig socket)
    {
        Before("sockets.open");
        if (Refusal is not null)
        {
            throw new FcgiSocketException(Refusal);
        }

        Open.Add(_next);
        return _next++;
    }

    public void Close(int descriptor)
    {
        Open.Remove(descriptor);
        Before("sockets.close");
    }
}
