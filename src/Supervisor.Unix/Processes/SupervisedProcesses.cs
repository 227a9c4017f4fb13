using System.Globalization;
using System.Text;
using Supervisor.Core.Ports;

namespace Supervisor.Unix;

/// <summary>Processes that some supervisor has started, found by the variables it gave them (SPN-028).</summary>
public static class SupervisedProcesses
{
    /// <param name="Pid">Its pid.</param>
    /// <param name="Group">SUPERVISOR_GROUP_NAME.</param>
    /// <param name="Name">SUPERVISOR_PROCESS_NAME.</param>
    public readonly record struct Found(int Pid, string Group, string Name);

    /// <summary>
    /// All running processes, by pid, that were started by a daemon of this server URL: the programs themselves and what they have
    /// started in turn. Those of other users may not be readable and are left out.
    /// </summary>
    public static IReadOnlyList<Found> Of(string serverUrl)
    {
        var found = new List<Found>();
        foreach (var name in Names())
        {
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && pid != ProcessIdentity.Pid
                && Variables(pid) is { } variables
                && variables.GetValueOrDefault("SUPERVISOR_SERVER_URL") == serverUrl
                && variables.TryGetValue("SUPERVISOR_PROCESS_NAME", out var process))
            {
                found.Add(new Found(pid, variables.GetValueOrDefault("SUPERVISOR_GROUP_NAME", process), process));
            }
        }

        return [.. found.OrderBy(f => f.Pid)];
    }

    /// <summary>The kernel's name of a running process, null when there is none.</summary>
    public static string? CommandOf(int pid) => Read(pid, "comm") is { } text ? Encoding.UTF8.GetString(text).TrimEnd('\n') : null;

    private static IReadOnlyList<string> Names()
    {
        try
        {
            return DirectoryNames.Read("/proc");
        }
        catch (PosixException)
        {
            return [];
        }
    }

    private static Dictionary<string, string>? Variables(int pid)
    {
        if (Read(pid, "environ") is not { } content)
        {
            return null;
        }

        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in Encoding.UTF8.GetString(content).Split('\0'))
        {
            if (entry.IndexOf('=') is var at and > 0)
            {
                variables[entry[..at]] = entry[(at + 1)..];
            }
        }

        return variables;
    }

    // A process that ends meanwhile, or that is not ours to look at.
    private static byte[]? Read(int pid, string file)
    {
        try
        {
            return WholeFile.Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/{file}"));
        }
        catch (PosixException)
        {
            return null;
        }
    }
}
