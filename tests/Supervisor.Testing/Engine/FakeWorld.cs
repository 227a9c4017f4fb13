using Microsoft.Extensions.Time.Testing;
using Supervisor.Core.Configuration;
using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Engine;
using Supervisor.Core.Output;
using Supervisor.Core.Ports;

namespace Supervisor.Testing.Engine;

/// <summary>A world for the engine in which nothing happens by itself: the test ends children, moves the clock and turns the loop.</summary>
public sealed class FakeWorld
{
    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 1, TimeSpan.Zero));

    /// <summary>How far somebody has set the wall clock since; deadlines must not care.</summary>
    public TimeSpan WallSkew { get; set; }

    public FakeProcessHost Host { get; } = new();
    public FakePoller Poller { get; } = new();
    public FakeFiles Files { get; } = new();
    public RecordingLog Log { get; } = new();
    public FakeSinks Sinks { get; } = new();
    public FakeFcgiSockets Sockets { get; } = new();

    /// <summary>
    /// Called with the name of each call of a port before it does anything, and may throw. Until it is set, an unexpected error that the engine
    /// contains and reports is an error of the test.
    /// </summary>
    public Action<string>? Before
    {
        get;
        set
        {
            field = value;
            Host.Before = Poller.Before = Files.Before = Log.Before = Sinks.Before = Sockets.Before = value ?? (_ => { });
        }
    }

    /// <summary>The daemon's environment, whose reading is a call as well.</summary>
    private Dictionary<string, string> Environment { get; } = new() { ["PATH"] = "/bin", ["HOME"] = "/root" };

    /// <summary>What the next reread finds; throws when null.</summary>
    public DaemonConfig? NextConfig { get; set; }

    public SupervisorEngine Start(params GroupConfig[] groups) => Start(Configs.Daemon(groups));

    public SupervisorEngine Start(DaemonConfig config)
    {
        NextConfig ??= config;
        var engine = new SupervisorEngine(config, Ports());
        engine.CreateGroups();
        engine.Start();
        Turn(engine);
        return engine;
    }

    /// <summary>Turns until the engine wants to sleep, at most a hundred times.</summary>
    public void Turn(SupervisorEngine engine)
    {
        for (var i = 0; i < 100; i++)
        {
            engine.BeginTurn();
            if (engine.Ended)
            {
                return;
            }

            engine.EndTurn();
            if (Before is null && Log.Lines.Find(l => l.StartsWith("Critical unexpected error", StringComparison.Ordinal)) is { } error)
            {
                throw new InvalidOperationException(error);
            }

            if (engine.NextWait() != TimeSpan.Zero)
            {
                return;
            }
        }

        throw new InvalidOperationException("the engine never rests");
    }

    /// <summary>Lets time pass and turns.</summary>
    public void Pass(SupervisorEngine engine, double seconds)
    {
        Time.Advance(TimeSpan.FromSeconds(seconds));
        Turn(engine);
    }

    /// <summary>How often the engine asked for the daemon's socket and pid file.</summary>
    public int NamesRestored { get; private set; }

    public EnginePorts Ports() => new()
    {
        Host = Host,
        Poller = Poller,
        Files = Files,
        Sinks = Sinks,
        FcgiSockets = Sockets,
        Log = Log,
        Time = new SkewedTime(this),
        Environment = new ReportedDictionary(Environment, () => Before?.Invoke("environment")),
        Reload = () => NextConfig ?? throw new ConfigException("refused"),
        RestoreNames = () => NamesRestored++,
        Pid = 99,
    };
}

/// <summary>Reports each reading before it happens.</summary>
internal sealed class ReportedDictionary(Dictionary<string, string> inner, Action before) : IReadOnlyDictionary<string, string>
{
    public string this[string key] => Inner[key];

    public IEnumerable<string> Keys => Inner.Keys;

    public IEnumerable<string> Values => Inner.Values;

    public int Count => Inner.Count;

    private Dictionary<string, string> Inner
    {
        get
        {
            before();
            return inner;
        }
    }

    public bool ContainsKey(string key) => Inner.ContainsKey(key);

    public bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out string value) => Inner.TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => Inner.GetEnumerator();

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>A wall clock that people set, over a steady one.</summary>
internal sealed class SkewedTime(FakeWorld world) : TimeProvider
{
    public override long TimestampFrequency => world.Time.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => world.Time.LocalTimeZone;

    public override DateTimeOffset GetUtcNow() => world.Time.GetUtcNow() + world.WallSkew;

    public override long GetTimestamp() => world.Time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        world.Time.CreateTimer(callback, state, dueTime, period);
}

/// <summary>Short forms of configurations.</summary>
public static class Configs
{
    public static DaemonConfig Daemon(params GroupConfig[] groups) => new()
    {
        ConfigFile = "/etc/s.conf",
        Supervisord = new SupervisordConfig { LogFile = "/s.log", PidFile = "/s.pid", ChildLogDir = "/tmp", ServerUrl = "unix:///s.sock" },
        HttpServers = [],
        RpcInterfaces = [],
        Groups = groups,
    };

    public static GroupConfig Group(string name, int priority, params ProcessConfig[] processes) =>
        new() { Kind = GroupKind.Group, Name = name, Priority = priority, Processes = processes };

    public static GroupConfig Program(ProcessConfig process) => Group(process.Name, process.Priority, process);

    public static ProcessConfig Process(string name) => new()
    {
        Kind = ProcessKind.Program,
        Name = name,
        Command = "/bin/prog",
        Stdout = new ChannelConfig { LogFile = LogTarget.None },
        Stderr = new ChannelConfig { LogFile = LogTarget.None },
    };
}
