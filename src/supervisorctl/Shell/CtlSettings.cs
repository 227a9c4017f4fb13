namespace Supervisor.Ctl.Shell;

/// <summary>Command line over configuration file over defaults (CLI-007, OPT-070). The server and the credentials can change in the shell.</summary>
internal sealed class CtlSettings
{
    public string ServerUrl { get; set; } = "http://localhost:9001";

    public string? Username { get; set; }

    public string? Password { get; set; }

    /// <summary>Without the <c>"&gt; "</c>.</summary>
    public string Prompt { get; init; } = "supervisor";

    public string? HistoryFile { get; init; }

    /// <summary>Ask before shutdown and reload, and for credentials (CTL-007, CTL-056).</summary>
    public bool Interactive { get; init; }
}
