using System.Collections;
using System.Globalization;
using Supervisor.Core.Ports;

namespace Supervisor.Ctl.Hosting;

/// <summary>
/// The machine as <c>[supervisorctl]</c> needs it, by the base library alone, which keeps this program small. Only <c>~</c>
/// needs users, and the plain password file has them.
/// </summary>
internal sealed class SystemConfigHost : IConfigHost
{
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);

    public SystemConfigHost()
    {
        foreach (DictionaryEntry entry in System.Environment.GetEnvironmentVariables())
        {
            _environment[(string)entry.Key] = (string?)entry.Value ?? "";
        }
    }

    public IReadOnlyDictionary<string, string> Environment => _environment;

    public string WorkingDirectory => Directory.GetCurrentDirectory();

    public string HostName => System.Environment.MachineName;

    // Whoever has no HOME is looked up by name.
    public int Uid => Users().FirstOrDefault(u => u.Name == System.Environment.UserName)?.Uid ?? -1;

    public byte[]? ReadFile(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // No option of [supervisorctl] names one.
    public byte[]? ReadSmallFile(string path) => ReadFile(path);

    public bool Exists(string path) => Path.Exists(path);

    public bool DirectoryExists(string path) => Directory.Exists(path);

    public IReadOnlyList<string> List(string directory) =>
        Directory.Exists(directory) ? [.. Directory.EnumerateFileSystemEntries(directory).Select(p => Path.GetFileName(p))] : [];

    public UserEntry? FindUser(string name) => Users().FirstOrDefault(u => u.Name == name);

    public UserEntry? FindUser(int uid) => Users().FirstOrDefault(u => u.Uid == uid);

    // No option of [supervisorctl] names a group.
    public int? FindGroup(string name) => null;

    public bool GroupExists(int gid) => false;

    private static IEnumerable<UserEntry> Users()
    {
        if (!File.Exists("/etc/passwd"))
        {
            yield break;
        }

        foreach (var line in File.ReadLines("/etc/passwd"))
        {
            var fields = line.Split(':');
            if (fields.Length >= 6
                && int.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var uid)
                && int.TryParse(fields[3], NumberStyles.None, CultureInfo.InvariantCulture, out var gid))
            {
                yield return new UserEntry(fields[0], uid, gid, fields[5]);
            }
        }
    }
}
