using System.Globalization;
using System.Text.Json;
using Supervisor.Rpc.Contract;
using Supervisor.Server.Http;

namespace Supervisor.Server.Api;

/// <summary>Answers of the JSON interface.</summary>
internal static class ApiReplies
{
    public static Reply Json(int status, ReadOnlyMemory<byte> body, bool close = false) => new Reply(status) { Body = body, Close = close }
        .Set("Content-Type", "application/json")
        .Set("Cache-Control", "no-store")
        .Set("X-Content-Type-Options", "nosniff")
        .Set("Content-Length", body.Length.ToString(CultureInfo.InvariantCulture));

    /// <summary>A stream of events; proxies must not collect them.</summary>
    public static Reply Events(Func<Func<ReadOnlyMemory<byte>, Task>, CancellationToken, Task> stream) => Reply.Streaming(stream)
        .Set("Content-Type", "text/event-stream")
        .Set("Cache-Control", "no-store")
        .Set("X-Content-Type-Options", "nosniff")
        .Set("X-Accel-Buffering", "no");

    /// <summary>An error of HTTP's own: it has no fault code.</summary>
    public static Reply Error(int status, string message, bool close = false) => Json(status, JsonText.Document(json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteNumber("status", status);
        json.WriteString("message", message);
        json.WriteEndObject();
        json.WriteEndObject();
    }), close);

    public static Reply Fault(RpcFaultException fault) => Json(StatusOf(fault.Code), JsonText.Document(json => WriteFault(json, fault.Code, fault.Text)));

    public static void WriteFault(Utf8JsonWriter json, int code, string text)
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteNumber("status", StatusOf(code));
        json.WriteNumber("code", code);
        json.WriteString("name", ((FaultCode)code).WireName());
        json.WriteString("message", text);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The HTTP status that stands for a fault.</summary>
    public static int StatusOf(int code) => (FaultCode)code switch
    {
        FaultCode.IncorrectParameters or FaultCode.BadArguments or FaultCode.BadSignal => 400,
        FaultCode.UnknownMethod or FaultCode.SignatureUnsupported or FaultCode.BadName or FaultCode.NoFile => 404,
        // It would have been right at another time.
        FaultCode.AlreadyStarted or FaultCode.NotRunning or FaultCode.AlreadyAdded or FaultCode.StillRunning => 409,
        // The request is right, but what it is about is not.
        FaultCode.NotExecutable or FaultCode.AbnormalTermination or FaultCode.SpawnError or FaultCode.CantReread => 422,
        FaultCode.ShutdownState => 503,
        _ => 500,
    };
}
