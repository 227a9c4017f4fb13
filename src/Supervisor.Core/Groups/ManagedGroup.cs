using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Engine;
using Supervisor.Core.Processes;

namespace Supervisor.Core.Groups;

/// <summary>An active process group.</summary>
internal class ManagedGroup : ISupervisedGroup
{
    private readonly List<ManagedProcess> _processes = [];
    private readonly Dictionary<string, ManagedProcess> _byName = new(StringComparer.Ordinal);

    public ManagedGroup(ProcessContext context, GroupConfig config)
    {
        Context = context;
        Config = config;
        Sockets = new GroupSockets(context.Ports.FcgiSockets, context.Ports.Log);
        foreach (var processConfig in config.Processes)
        {
            var process = new ManagedProcess(context, this, processConfig);
            // Two members of one name: the later one replaces the earlier, in its place, as in a Python dictionary.
            if (_byName.TryGetValue(processConfig.Name, out var earlier))
            {
                _processes[_processes.IndexOf(earlier)] = process;
            }
            else
            {
                _processes.Add(process);
            }

            _byName[processConfig.Name] = process;
        }
    }

    public string Name => Config.Name;

    public GroupConfig Config { get; }

    public GroupSockets Sockets { get; }

    public IReadOnlyList<ManagedProcess> Members => _processes;

    IReadOnlyList<ISupervisedProcess> ISupervisedGroup.Processes => _processes;

    protected ProcessContext Context { get; }

    public ISupervisedProcess? Find(string processName) => _byName.GetValueOrDefault(processName);

    public virtual void Transition()
    {
        foreach (var process in _processes)
        {
            process.Turn();
        }
    }

    /// <summary>Asks all to stop, in descending priority; retries end in FATAL (DMN-049).</summary>
    public void StopAll()
    {
        foreach (var process in _processes.OrderBy(p => p.Config.Priority).Reverse())
        {
            Context.Guard.Run(process, "the stop", static p => p.StopForShutdown());
        }
    }

    public IEnumerable<ManagedProcess> Unstopped => _processes.Where(p => !p.State.IsStoppedSet());

    /// <summary>Those a shutdown waits for: there is a child, or retries that it has to end. Never one that nothing can end.</summary>
    public IEnumerable<ManagedProcess> Living => _processes.Where(p => !p.State.IsStoppedSet() && (p.Pid != 0 || p.State == ProcessState.Backoff));

    /// <summary>When a transition has to be tried again; null when only an outside event can matter.</summary>
    public virtual TimeSpan? NextDue()
    {
        TimeSpan? due = null;
        foreach (var process in _processes)
        {
            due = process.NextDue() is { } next && !(due <= next) ? next : due;
        }

        return due;
    }

    public override string ToString() => $"group {Name}";

    public void ReopenLogs()
    {
        foreach (var process in _processes)
        {
            Context.Guard.Run(process, "reopening the logs", static p => p.ReopenLogs());
        }
    }

    /// <summary>Called before the group goes (EVT-036).</summary>
    public virtual void BeforeRemove()
    {
    }
}
