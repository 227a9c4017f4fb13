namespace Supervisor.Rpc.Contract;

/// <summary>Fault codes of the XML-RPC interface (RPC-016): one table for server, client and command line.</summary>
public enum FaultCode
{
    UnknownMethod = 1,
    IncorrectParameters = 2,
    BadArguments = 3,
    SignatureUnsupported = 4,
    ShutdownState = 6,
    BadName = 10,
    BadSignal = 11,
    NoFile = 20,
    NotExecutable = 21,
    Failed = 30,
    AbnormalTermination = 40,
    SpawnError = 50,
    AlreadyStarted = 60,
    NotRunning = 70,
    Success = 80,
    AlreadyAdded = 90,
    StillRunning = 91,
    CantReread = 92,
}

public static class Faults
{
    /// <summary>The name that begins every faultString (RPC-017).</summary>
    public static string WireName(this FaultCode code) => code switch
    {
        FaultCode.UnknownMethod => "UNKNOWN_METHOD",
        FaultCode.IncorrectParameters => "INCORRECT_PARAMETERS",
        FaultCode.BadArguments => "BAD_ARGUMENTS",
        FaultCode.SignatureUnsupported => "SIGNATURE_UNSUPPORTED",
        FaultCode.ShutdownState => "SHUTDOWN_STATE",
        FaultCode.BadName => "BAD_NAME",
        FaultCode.BadSignal => "BAD_SIGNAL",
        FaultCode.NoFile => "NO_FILE",
        FaultCode.NotExecutable => "NOT_EXECUTABLE",
        FaultCode.Failed => "FAILED",
        FaultCode.AbnormalTermination => "ABNORMAL_TERMINATION",
        FaultCode.SpawnError => "SPAWN_ERROR",
        FaultCode.AlreadyStarted => "ALREADY_STARTED",
        FaultCode.NotRunning => "NOT_RUNNING",
        FaultCode.Success => "SUCCESS",
        FaultCode.AlreadyAdded => "ALREADY_ADDED",
        FaultCode.StillRunning => "STILL_RUNNING",
        FaultCode.CantReread => "CANT_REREAD",
        _ => "UNKNOWN",
    };
}

/// <summary>An XML-RPC fault: thrown by handlers on the server, and by the client when the server answers one.</summary>
public sealed class RpcFaultException : Exception
{
    public RpcFaultException(FaultCode code, string? extra = null)
        : this((int)code, extra is null ? code.WireName() : $"{code.WireName()}: {extra}")
    {
    }

    public RpcFaultException(int code, string text) : base(text)
    {
        Code = code;
    }

    public int Code { get; }

    /// <summary>The whole faultString.</summary>
    public string Text => Message;
}
