using System.Xml.Linq;

namespace Supervisor.Architecture.Tests;

/// <summary>The layers, read from the project files: who may know whom, and who may do what.</summary>
public class ReferenceTests
{
    private static readonly string s_source = Path.Combine(FindRoot(), "src");

    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["Supervisor.Core"] = [],
        ["Supervisor.Rpc"] = [],
        ["Supervisor.Unix"] = ["Supervisor.Core"],
        ["Supervisor.Server"] = ["Supervisor.Core", "Supervisor.Rpc"],
        ["supervisor-listeners"] = ["Supervisor.Core", "Supervisor.Rpc", "Supervisor.Unix"],
        ["supervisorctl"] = ["Supervisor.Core", "Supervisor.Rpc", "Supervisor.Unix"],
        ["supervisord"] = ["Supervisor.Core", "Supervisor.Rpc", "Supervisor.Server", "Supervisor.Unix"],
    };

    public static TheoryData<string> Projects => [.. s_allowed.Keys];

    [Fact]
    public void Source_Projects_AreTheSevenOfTheArchitecture() =>
        Assert.Equal(s_allowed.Keys.Order(StringComparer.Ordinal), Directory.GetDirectories(s_source).Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Projects))]
    public void References_PointDownOnly(string project)
    {
        var references = Elements(project, "ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value));
        Assert.Equal(s_allowed[project], references.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void UnsafeBlocks_OnlyInUnix(string project) =>
        Assert.Equal(project == "Supervisor.Unix", Elements(project, "AllowUnsafeBlocks").Any(e => e.Value == "true"));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Frameworks_None(string project) => Assert.Empty(Elements(project, "FrameworkReference"));

    /// <summary>As PID 1 the runtime would reap children itself, and lose their exit statuses, once any of these is touched.</summary>
    [Theory]
    [InlineData("Supervisor.Core")]
    [InlineData("Supervisor.Rpc")]
    [InlineData("Supervisor.Unix")]
    [InlineData("Supervisor.Server")]
    [InlineData("supervisord")]
    public void Daemon_NeverTouches_ConsoleProcessOrSignalRegistration(string project)
    {
        string[] banned = ["Console.", "Process.Start", "PosixSignalRegistration", "new Process(", "UseConsoleLifetime", "AddConsole"];
        var offenders = Sources(project)
            .SelectMany(f => File.ReadLines(f).Select((line, i) => (File: f, Line: i + 1, Text: line.Trim())))
            .Where(l => !l.Text.StartsWith("//", StringComparison.Ordinal) && banned.Any(b => l.Text.Contains(b, StringComparison.Ordinal)))
            .Select(l => $"{Path.GetFileName(l.File)}:{l.Line}");
        Assert.Empty(offenders);
    }

    /// <summary>The framework's hashes and secret random numbers load OpenSSL: megabytes of memory, and a library that small images lack.</summary>
    [Theory]
    [InlineData("Supervisor.Core")]
    [InlineData("Supervisor.Rpc")]
    [InlineData("Supervisor.Unix")]
    [InlineData("Supervisor.Server")]
    [InlineData("supervisord")]
    [InlineData("supervisorctl")]
    public void Daemon_NeverLoads_OpenSsl(string project)
    {
        string[] banned = ["RandomNumberGenerator", "SHA1.", "SHA256.", "SHA512.", "MD5.", "HMAC", "Rfc2898", "SslStream", "X509"];
        // The one exception is only entered when a server has a certificate.
        Assert.Empty(Sources(project).Where(f => !f.EndsWith("/Http/TlsServer.cs", StringComparison.Ordinal)).SelectMany(f => File.ReadLines(f).Where(l => banned.Any(b => l.Contains(b, StringComparison.Ordinal))).Select(l => $"{Path.GetFileName(f)}: {l.Trim()}")));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Files_StayShort(string project) =>
        Assert.Empty(Sources(project).Where(f => File.ReadLines(f).Count() > 400).Select(Path.GetFileName));

    private static IEnumerable<string> Sources(string project) => Directory
        .EnumerateFiles(Path.Combine(s_source, project), "*.cs", SearchOption.AllDirectories)
        .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal));

    private static IEnumerable<XElement> Elements(string project, string name) =>
        XDocument.Load(Path.Combine(s_source, project, project + ".csproj")).Descendants(name);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Supervisor.Net.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("not inside the repository");
        }

        return folder.FullName;
    }
}
