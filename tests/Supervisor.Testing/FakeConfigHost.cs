using System.Text;
using Supervisor.Core.Ports;

namespace Supervisor.Testing;

/// <summary>A machine with just these files, directories and accounts.</summary>
public sealed class FakeConfigHost : IConfigHost
{
    public Dictionary<string, string> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Files that need not be text.</summary>
    public Dictionary<string, byte[]> RawFiles { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Directories { get; } = ["/", "/tmp", "/etc", "/var/log"];

    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal) { ["HOME"] = "/root", ["LANG"] = "C" };

    public List<UserEntry> Users { get; } = [new("root", 0, 0, "/root"), new("www", 33, 34, "/var/www")];

    public IReadOnlyDictionary<string, string> Environment => Variables;

    public string WorkingDirectory { get; set; } = "/work";

    public string HostName => "node";

    public int Uid => 0;

    public byte[]? ReadFile(string path) => RawFiles.GetValueOrDefault(path) ?? ReadText(path);

    public byte[]? ReadSmallFile(string path) => ReadFile(path);

    public bool Exists(string path) => Files.ContainsKey(path) || RawFiles.ContainsKey(path) || Directories.Contains(path);

    private byte[]? ReadText(string path) => Files.TryGetValue(path, out var text) ? Encoding.UTF8.GetBytes(text) : null;

    public bool DirectoryExists(string path) => Directories.Contains(path);

    public IReadOnlyList<string> List(string directory) =>
        [.. Files.Keys.Where(f => f.StartsWith(directory + "/", StringComparison.Ordinal)).Select(f => f[(directory.Length + 1)..]).Where(f => !f.Contains('/'))];

    public UserEntry? FindUser(string name) => Users.Find(u => u.Name == name);

    public UserEntry? FindUser(int uid) => Users.Find(u => u.Uid == uid);

    public int? FindGroup(string name) => name == "www" ? 34 : null;

    public bool GroupExists(int gid) => gid is 0 or 34;
}
