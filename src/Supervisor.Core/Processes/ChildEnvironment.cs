namespace Supervisor.Core.Processes;

/// <summary>Composes a child's environment: what the daemon has without its secrets, and later layers, which win (SPN-028..030).</summary>
internal static class ChildEnvironment
{
    public static IReadOnlyDictionary<string, string> Compose(
        IReadOnlyDictionary<string, string> daemon, IReadOnlySet<string> secrets, string? serverUrl, string processName, string groupName,
        IReadOnlyDictionary<string, string> configured)
    {
        var result = new Dictionary<string, string>(daemon, StringComparer.Ordinal);
        foreach (var name in secrets)
        {
            result.Remove(name);
        }

        result["SUPERVISOR_ENABLED"] = "1";
        result["SUPERVISOR_PROCESS_NAME"] = processName;
        result["SUPERVISOR_GROUP_NAME"] = groupName;
        if (!string.IsNullOrEmpty(serverUrl))
        {
            result["SUPERVISOR_SERVER_URL"] = serverUrl;
        }

        // The merged [supervisord] and program environment may override even SUPERVISOR_* (QRK-041).
        foreach (var (name, value) in configured)
        {
            result[name] = value;
        }

        return result;
    }
}
