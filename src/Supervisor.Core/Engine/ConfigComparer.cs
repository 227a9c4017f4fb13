using Supervisor.Core.Configuration.Model;

namespace Supervisor.Core.Engine;

/// <summary>What counts as a changed group on reread (RPC-039, RPC-040).</summary>
internal static class ConfigComparer
{
    public static bool Same(GroupConfig a, GroupConfig b) =>
        a.Kind == b.Kind && a.Name == b.Name && a.Priority == b.Priority
        && a.Processes.Count == b.Processes.Count && a.Processes.Zip(b.Processes).All(p => Same(p.First, p.Second))
        && (a.Kind != GroupKind.EventListener
            || (a.BufferSize == b.BufferSize && a.Events.SequenceEqual(b.Events) && a.ResultHandler == b.ResultHandler))
        // Owner, mode and backlog of the socket do not count (SPN-045).
        && a.Socket?.Url == b.Socket?.Url;

    private static bool Same(ProcessConfig a, ProcessConfig b) =>
        a.ExitCodes.SequenceEqual(b.ExitCodes)
        && SameEnvironment(a.Environment, b.Environment)
        && a.Socket?.Url == b.Socket?.Url
        // Everything else compares by value.
        && a with { ExitCodes = s_noCodes, Environment = s_none, Socket = null } == b with { ExitCodes = s_noCodes, Environment = s_none, Socket = null };

    private static readonly Dictionary<string, string> s_none = [];
    private static readonly int[] s_noCodes = [];

    private static bool SameEnvironment(IReadOnlyDictionary<string, string> a, IReadOnlyDictionary<string, string> b) =>
        a.Count == b.Count && a.All(e => b.TryGetValue(e.Key, out var value) && value == e.Value);
}
