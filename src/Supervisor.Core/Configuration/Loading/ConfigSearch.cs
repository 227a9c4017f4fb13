using Supervisor.Core.Configuration.Expansion;
using Supervisor.Core.Ports;

namespace Supervisor.Core.Configuration.Loading;

/// <summary>The places that are searched without <c>-c</c> (CFG-001).</summary>
public static class ConfigSearch
{
    public static IReadOnlyList<string> Places(string argv0)
    {
        var home = PosixPath.Parent(PosixPath.Parent(argv0));
        return
        [
            PosixPath.Join(home, "etc/supervisord.conf"),
            PosixPath.Join(home, "supervisord.conf"),
            "supervisord.conf",
            "etc/supervisord.conf",
            "/etc/supervisord.conf",
            "/etc/supervisor/supervisord.conf",
        ];
    }

    /// <summary>The first that exists, whatever it is; null if none does.</summary>
    public static string? Find(IConfigHost host, string argv0) => Places(argv0).FirstOrDefault(host.Exists);
}
