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
/// <remarks>The text is put together when it is read: the loop throws these, and what a client sent may be long.</remarks>
public class RpcFaultException : Exception
{
    private readonly string? _extra;
    private string? _text;

    public RpcFaultException(FaultCode code, string? extra = null)
    {
        Code = (int)code;
        _extra = extra;
    }

    public RpcFaultException(int code, string text)
    {
        Code = code;
        _text = text;
    }

    public int Code { get; }

    public override string Message => _text ??= _extra is null ? ((FaultCode)Code).WireName() : $"{((FaultCode)Code).WireName()}: {_extra}";

    /// <summary>The whole faultString.</summary>
    public string Text => Message;
}
