namespace Supervisor.Ctl.Shell;

/// <summary>Exit statuses after the LSB init script rules (CTL-001).</summary>
internal static class ExitStatus
{
    public const int Success = 0;
    public const int Generic = 1;
    public const int InvalidArguments = 2;
    public const int UnimplementedFeature = 3;
    public const int InsufficientPrivileges = 4;
    public const int NotInstalled = 5;
    public const int NotRunning = 7;

    /// <summary>Only of <c>status</c>: a listed process is down.</summary>
    public const int StatusNotRunning = 3;

    /// <summary>Only of <c>status</c>: unknown name, or no server.</summary>
    public const int StatusUnknown = 4;
}
