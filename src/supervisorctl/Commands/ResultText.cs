using Supervisor.Rpc.Contract;

namespace Supervisor.Ctl.Commands;

/// <summary>The line that tells what became of one process (CTL-032..039).</summary>
internal static class ResultText
{
    public static string Start(ProcessStatus result) => Format(result, "started", (FaultCode)result.Status switch
    {
        FaultCode.BadName => "no such process",
        FaultCode.NoFile => "no such file",
        FaultCode.NotExecutable => "file is not executable",
        FaultCode.AlreadyStarted => "already started",
        FaultCode.SpawnError => "spawn error",
        FaultCode.AbnormalTermination => "abnormal termination",
        _ => null,
    });

    public static string Stop(ProcessStatus result) => Signal(result, "stopped");

    public static string Signal(ProcessStatus result) => Signal(result, "signalled");

    public static string Clear(ProcessStatus result) => Format(result, "cleared", (FaultCode)result.Status switch
    {
        FaultCode.BadName => "no such process",
        FaultCode.Failed => "failed",
        _ => null,
    });

    private static string Signal(ProcessStatus result, string success) =>
        result.Status == (int)FaultCode.Failed ? result.Description : Format(result, success, (FaultCode)result.Status switch
        {
            FaultCode.BadName => "no such process",
            FaultCode.BadSignal => "bad signal name",
            FaultCode.NotRunning => "not running",
            _ => null,
        });

    /// <exception cref="ArgumentException">A code that this command should never see (CTL-034).</exception>
    private static string Format(ProcessStatus result, string success, string? reason)
    {
        var name = Namespec.Make(result.Group, result.Name);
        return result.Status == (int)FaultCode.Success ? $"{name}: {success}"
            : reason is not null ? $"{name}: ERROR ({reason})"
            : throw new ArgumentException($"Unknown result code {result.Status} for {name}");
    }
}
