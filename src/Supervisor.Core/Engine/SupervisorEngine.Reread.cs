using Supervisor.Core.Events;
using Supervisor.Core.Processes;

namespace Supervisor.Core.Engine;

public sealed partial class SupervisorEngine
{
    public ConfigChanges Reread()
    {
        _ports.RestoreNames();
        var fresh = _ports.Reload();
        _config = fresh with { Supervisord = fresh.Supervisord with { LogFile = _activityLogPath } };
        _context.Settings = _config.Supervisord;

        var active = _groups.ToDictionary(g => g.Name, g => g.Config, StringComparer.Ordinal);
        var configured = fresh.Groups.Select(g => g.Name).ToHashSet(StringComparer.Ordinal);
        return new ConfigChanges(
            [.. fresh.Groups.Where(g => !active.ContainsKey(g.Name)).Select(g => g.Name)],
            [.. fresh.Groups.Where(g => active.TryGetValue(g.Name, out var old) && !ConfigComparer.Same(old, g)).Select(g => g.Name)],
            [.. _groups.Where(g => !configured.Contains(g.Name)).Select(g => g.Name)]);
    }

    public AddGroupOutcome AddGroup(string name)
    {
        // Of several of one name the first, as at the start (OPT-105).
        if (_config.Groups.FirstOrDefault(g => g.Name == name) is not { } config)
        {
            return AddGroupOutcome.Unknown;
        }

        if (FindManaged(name) is not null)
        {
            return AddGroupOutcome.AlreadyActive;
        }

        AddManaged(config);
        return AddGroupOutcome.Added;
    }

    public RemoveGroupOutcome RemoveGroup(string name)
    {
        if (FindManaged(name) is not { } group)
        {
            return RemoveGroupOutcome.Unknown;
        }

        if (group.Unstopped.Any())
        {
            return RemoveGroupOutcome.StillRunning;
        }

        group.BeforeRemove();
        _groups.Remove(group);
        SortGroups();
        _bus.Notify(EventType.ProcessGroupRemoved, () => $"groupname:{name}\n");
        _context.Dirty = true;
        return RemoveGroupOutcome.Removed;
    }
}
