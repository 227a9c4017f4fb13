namespace Supervisor.Core.Configuration.Model;

/// <summary>
/// Everything one configuration file (with its includes) and command line mean, validated and immutable.
/// Mirrors what Python Supervisor holds in memory after <c>ServerOptions.realize()</c>.
/// </summary>
public sealed record DaemonConfig
{
    /// <summary>Absolute path of the main file; <c>%(here)s</c> is its directory.</summary>
    public required string ConfigFile { get; init; }

    public required SupervisordConfig Supervisord { get; init; }

    /// <summary>inet servers first, then unix servers, each in the order of their sections (CFG-056).</summary>
    public required IReadOnlyList<HttpServerConfig> HttpServers { get; init; }

    public required IReadOnlyList<RpcInterfaceConfig> RpcInterfaces { get; init; }

    /// <summary>Sorted by priority, then name by code point.</summary>
    public required IReadOnlyList<GroupConfig> Groups { get; init; }

    /// <summary>Parse notes, written to the activity log at WARN once it exists (CFG-058).</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Parse notes, written to the activity log at INFO once it exists (CFG-058).</summary>
    public IReadOnlyList<string> Infos { get; init; } = [];
}

/// <summary>The <c>[supervisord]</c> section overlaid with the command line.</summary>
public sealed record SupervisordConfig
{
    public bool NoDaemon { get; init; }
    public bool Silent { get; init; }
    public bool NoCleanup { get; init; }
    public bool StripAnsi { get; init; }
    /// <summary>As configured, null when unset.</summary>
    public string? User { get; init; }
    public int? Uid { get; init; }
    /// <summary>Lenient reading only: the user as written where it has no number.</summary>
    public string? UnresolvedUser { get; init; }
    /// <summary>Applied only when daemonizing (OPT-054).</summary>
    public int Umask { get; init; } = 0x12; // 022
    /// <summary>Changed into only when daemonizing (OPT-059).</summary>
    public string? Directory { get; init; }
    /// <summary>Absolute path, or <c>syslog</c>.</summary>
    public required string LogFile { get; init; }
    /// <summary>Bytes; 0 or negative never rotates.</summary>
    public long LogFileMaxBytes { get; init; } = 50L * 1024 * 1024;
    public int LogFileBackups { get; init; } = 10;
    public LogLevel LogLevel { get; init; } = LogLevel.Info;
    public required string PidFile { get; init; }
    public string Identifier { get; init; } = "supervisor";
    public required string ChildLogDir { get; init; }
    public int MinFds { get; init; } = 1024;
    public int MinProcs { get; init; } = 200;
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
    /// <summary>Variables of the daemon's environment that logins are made of: programs do not inherit them.</summary>
    public IReadOnlySet<string> SecretVariables { get; init; } = new HashSet<string>();
    /// <summary>
    /// The address handed to children as SUPERVISOR_SERVER_URL: first unix server, else first inet server, else null (SPN-029).
    /// </summary>
    public string? ServerUrl { get; init; }
}

/// <summary>Activity log levels with Python Supervisor's numbers (DMN-012).</summary>
public enum LogLevel
{
    Blather = 3,
    Trace = 5,
    Debug = 10,
    Info = 20,
    Warn = 30,
    Error = 40,
    Critical = 50,
}

/// <summary>One <c>[inet_http_server*]</c> or <c>[unix_http_server*]</c> section.</summary>
public sealed record HttpServerConfig
{
    /// <summary>Section name as written, for log texts.</summary>
    public required string Section { get; init; }
    public string? Name { get; init; }
    public required HttpServerFamily Family { get; init; }
    public string? Username { get; init; }
    /// <summary>As configured: clear text, <c>{SHA}</c> + 40 hex digits, or <c>{PBKDF2-SHA256}</c> + iterations, salt and hash.</summary>
    public string? Password { get; init; }
    /// <summary>The first line of the password file; goes before <see cref="Password"/> and is in no dump.</summary>
    public Secret? FilePassword { get; init; }
    /// <summary>PEM file of the certificate and its chain; null for plain http.</summary>
    public string? Certificate { get; init; }
    /// <summary>PEM file of the key; null when it stands in the certificate's file.</summary>
    public string? CertificateKey { get; init; }
    /// <summary>Refuse what browsers ask on behalf of other sites.</summary>
    public bool CrossSiteCheck { get; init; } = true;
    /// <summary>Further names that browsers may use, lower-case, with or without a port.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];
    public HttpLimits Limits { get; init; } = new();
    /// <summary>inet: lower-case host, empty for any interface.</summary>
    public string Host { get; init; } = "";
    /// <summary>inet: 1..65535.</summary>
    public int Port { get; init; }
    /// <summary>unix: absolute socket path.</summary>
    public string? File { get; init; }
    /// <summary>unix: permission bits.</summary>
    public int Mode { get; init; } = 0x1C0; // 0700
    /// <summary>unix: owner, -1 for "leave".</summary>
    public int OwnerUid { get; init; } = -1;
    public int OwnerGid { get; init; } = -1;
    /// <summary>Lenient reading only: names as written where they have no number.</summary>
    public string? UnresolvedOwner { get; init; }
    public string? UnresolvedGroup { get; init; }
}

/// <summary>What a client may cost one server.</summary>
public sealed record HttpLimits
{
    /// <summary>Open connections.</summary>
    public int Connections { get; init; } = 1024;
    /// <summary>Bytes of a body.</summary>
    public long Body { get; init; } = 16 * 1024 * 1024;
    /// <summary>Bytes of a request line with its headers.</summary>
    public long Head { get; init; } = 256 * 1024;
    /// <summary>Header lines.</summary>
    public int Headers { get; init; } = 1000;
    /// <summary>For a head; a body and the reading of an answer get a second more for every kilobyte.</summary>
    public TimeSpan Request { get; init; } = TimeSpan.FromSeconds(60);
    /// <summary>Between two requests.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(30);
}

/// <summary>A text that nothing prints by accident.</summary>
/// <param name="text">The secret.</param>
public sealed class Secret(string text)
{
    public string Reveal() => text;

    public override string ToString() => "(not shown)";
}

public enum HttpServerFamily
{
    Inet,
    Unix,
}

/// <summary>One <c>[rpcinterface:x]</c> section; only the stock factory can be served.</summary>
public sealed record RpcInterfaceConfig
{
    public required string Name { get; init; }
    public required string Factory { get; init; }
    /// <summary>Every other option of the section, those of <c>[DEFAULT]</c> included.</summary>
    public IReadOnlyDictionary<string, string> Extras { get; init; } = new Dictionary<string, string>();
    /// <summary>The section itself has other options, which the stock factory refuses (OPT-127); those of <c>[DEFAULT]</c> do not count (QRK-014).</summary>
    public bool HasOwnExtras { get; init; }
}
