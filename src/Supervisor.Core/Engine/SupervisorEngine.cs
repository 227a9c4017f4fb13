using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Events;
using Supervisor.Core.Groups;
using Supervisor.Core.Ports;
using Supervisor.Core.Processes;

namespace Supervisor.Core.Engine;

/// <summary>
/// The supervisor without threads, sockets or clocks of its own: one loop thread turns it (<see cref="BeginTurn"/>, wait,
/// <see cref="EndTurn"/>) in Python Supervisor's order of phases, which is observable (DMN-041).
/// </summary>
public sealed partial class SupervisorEngine : ISupervisor
{
    private readonly EnginePorts _ports;
    private readonly EngineClock _clock;
    private readonly EventBus _bus;
    private readonly ProcessContext _context;
    private readonly FaultGuard _guard;
    private readonly GuardedPoller _poller;
    private readonly TickClock _ticks;
    private readonly string _activityLogPath;

    // In the order they were added, and by priority with that order as the tie-breaker.
    private readonly List<ManagedGroup> _groups = [];
    private ManagedGroup[] _byPriority = [];

    private DaemonConfig _config;

    /// <param name="config">What to supervise.</param>
    /// <param name="ports">The world.</param>
    /// <param name="serials">Global event serials, which outlive a restart in the same process.</param>
    public SupervisorEngine(DaemonConfig config, EnginePorts ports, EventSerials? serials = null)
    {
        _config = config;
        _clock = new EngineClock(ports.Time);
        Faults = new FaultLog(ports.Log, ports.Time);
        _guard = new FaultGuard(Faults);
        _poller = new GuardedPoller(ports.Poller, _guard, _clock);
        _ports = ports with { Log = new GuardedLog(ports.Log), Poller = _poller };
        _bus = new EventBus((serials ?? new EventSerials()).Counter, _guard);
        _context = new ProcessContext(_ports, _clock, _bus, _guard, config.Supervisord.ServerUrl)
        {
            Settings = config.Supervisord,
            State = SupervisorState.Running,
        };
        _ticks = new TickClock(_clock, _bus);
        _activityLogPath = config.Supervisord.LogFile;
    }

    public SupervisorState State => _context.State;

    /// <summary>Where unexpected errors are reported, also by the loop that turns the engine.</summary>
    public FaultLog Faults { get; }

    public DaemonConfig Config => _config;

    public int Pid => _ports.Pid;

    public DateTimeOffset Now => _clock.Wall;

    public IReadOnlyList<ISupervisedGroup> Groups => _groups;

    public string ActivityLogPath => _activityLogPath;

    public ISupervisedGroup? FindGroup(string name) => FindManaged(name);

    public void Log(LogLevel level, string message) => _ports.Log.Write(level, message);

    public void Shutdown() => _context.State = SupervisorState.Shutdown;

    public void Restart()
    {
        // Upstream finds out after it has stopped everything, and is gone (QRK-029).
        _ports.Reload();
        _context.State = SupervisorState.Restarting;
    }

    public void SendRemoteEvent(byte[] payload) => _bus.Notify(EventType.RemoteCommunication, payload);

    public Action Watch(IReadOnlyList<EventType> types, Action<EventNotice> receive)
    {
        var watcher = new EventWatcher(receive);
        // Of a type and its ancestor the ancestor will do, or the event would come twice.
        foreach (var type in types.Distinct().Where(t => !types.Any(other => other != t && t.Is(other))))
        {
            _bus.Subscribe(type, watcher);
        }

        return () => _bus.Unsubscribe(watcher);
    }

    public string? ReopenActivityLogAfterUnlink()
    {
        try
        {
            _ports.Log.Clear();
            return null;
        }
        catch (PosixException e)
        {
            return e.Message;
        }
    }

    /// <summary>Makes every configured group, in order (DMN-001); of several of one name the first (OPT-105).</summary>
    /// <exception cref="PosixException">An AUTO log cannot be made.</exception>
    public void CreateGroups()
    {
        foreach (var group in _config.Groups.DistinctBy(g => g.Name, StringComparer.Ordinal))
        {
            AddManaged(group);
        }
    }

    private ManagedGroup? FindManaged(string name) => _groups.Find(g => g.Name == name);

    private void AddManaged(GroupConfig config)
    {
        // Ticks missed while nobody listened are not made up for.
        _ticks.Tick();
        ManagedGroup group = config.Kind == GroupKind.EventListener
            ? new ListenerPool(_context, config)
            : new ManagedGroup(_context, config);
        // A taken port is the trouble of this group alone: its processes fail to start, with the reason, until it is free (DMN-028).
        group.Sockets.Check(config);
        _groups.Add(group);
        SortGroups();
        _bus.Notify(EventType.ProcessGroupAdded, () => $"groupname:{config.Name}\n");
        _context.Dirty = true;
    }

    private void SortGroups() => _byPriority = [.. _groups.OrderBy(g => g.Config.Priority)];
}

/// <summary>Global event serials (DMN-073).</summary>
public sealed class EventSerials
{
    internal SerialCounter Counter { get; } = new();
}
