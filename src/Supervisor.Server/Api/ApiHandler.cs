using System.Globalization;
using Supervisor.Core.Engine;
using Supervisor.Core.Ports;
using Supervisor.Rpc.Contract;
using Supervisor.Rpc.Wire;
using Supervisor.Server.Http;
using Supervisor.Server.Live;
using Supervisor.Server.Tail;

namespace Supervisor.Server.Api;

/// <summary>
/// <c>/api/v1/NAMESPACE/METHOD</c> for every method of the XML-RPC interface, <c>/api/v1/events</c>, <c>/api/v1/log</c> and
/// <c>/api/v1/openapi.json</c>. Made when the first request comes.
/// </summary>
internal sealed class ApiHandler(IRpcDispatcher rpc, ISupervisorLoop loop, LogFiles logs, IProcessUsage usage, AccessLog log, IAnswerBudget answers)
{
    public const string Prefix = "/api/v1/";

    /// <summary>Larger bodies are refused unread, in bytes.</summary>
    private const int MaximumBody = 8 * 1024 * 1024;

    // Bytes of a document that is read at once.
    private const int Quick = 64 * 1024;

    private readonly LiveHandler _live = new(rpc, loop, logs, usage);

    /// <param name="request">The head.</param>
    /// <param name="readBody">Reads the body, or says why not.</param>
    public async Task<Reply> HandleAsync(RequestHead request, Func<Task<(ReadOnlyMemory<byte> Body, Reply? Refusal)>> readBody)
    {
        try
        {
            return request.Path[Prefix.Length..] switch
            {
                "openapi.json" => GetOnly(request) ?? ApiReplies.Json(200, OpenApi.Document(rpc.Methods)),
                "events" => GetOnly(request) ?? _live.Events(request),
                "log" => GetOnly(request) ?? await _live.LogAsync(request),
                var path => await CallAsync(path, request, readBody),
            };
        }
        catch (RpcFaultException fault)
        {
            return ApiReplies.Fault(fault);
        }
        catch (Exception e) when (e is not (IOException or OperationCanceledException))
        {
            log.WebFailure(e);
            return ApiReplies.Error(500, "internal error");
        }
    }

    private async Task<Reply> CallAsync(string path, RequestHead request, Func<Task<(ReadOnlyMemory<byte> Body, Reply? Refusal)>> readBody)
    {
        var body = ReadOnlyMemory<byte>.Empty;
        if (request.Method == "POST")
        {
            // Read in any case, or it would be taken for the next request.
            var (sent, refusal) = TooLarge(request) ?? await readBody();
            if (refusal is not null)
            {
                return ApiReplies.Error(refusal.Code, StatusText.Of(refusal.Code), refusal.Close);
            }

            body = sent;
            if (body.Length > Quick)
            {
                // The thread that got it serves everybody.
                await Task.Yield();
            }
        }

        var parts = path.Split('/');
        if (parts.Length != 2 || rpc.Find($"{parts[0]}.{parts[1]}") is not { } method)
        {
            return ApiReplies.Fault(new RpcFaultException(FaultCode.UnknownMethod));
        }

        switch (request.Method)
        {
            // A browser does not send this type across sites without asking first, and nobody here says yes.
            case "POST" when !IsJson(request["Content-Type"]):
                return ApiReplies.Error(415, "Content-Type must be application/json");
            case "POST":
                return await AnswerAsync(method, ApiArguments.FromBody(method, body.Span));
            case "GET" when method.ReadOnly:
                return await AnswerAsync(method, ApiArguments.FromQuery(method, request.Query));
            default:
                return NotAllowed(method.ReadOnly ? "GET, POST" : "POST");
        }
    }

    private async Task<Reply> AnswerAsync(RpcMethodInfo method, IReadOnlyList<RpcValue> arguments)
    {
        var lease = new AnswerLease(answers);
        try
        {
            var value = await rpc.CallAsync(method.Name, arguments, lease);
            var document = JsonText.Document(
                json =>
                {
                    json.WriteStartObject();
                    json.WritePropertyName("result");
                    JsonText.Write(json, value);
                    json.WriteEndObject();
                },
                lease);
            lease.Shrink(document.Length);
            return ApiReplies.Json(200, document).WhenSent(lease.Dispose);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    private static (ReadOnlyMemory<byte> Body, Reply? Refusal)? TooLarge(RequestHead request) =>
        long.TryParse(request["Content-Length"], NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length > MaximumBody
            ? (default, Reply.Error(413, close: true))
            : null;

    private static bool IsJson(string? type) =>
        (type ?? "").Split(';')[0].Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase);

    // What a body of another method would contain is not read, so the connection ends.
    private static Reply? GetOnly(RequestHead request) => request.Method == "GET" ? null : NotAllowed("GET");

    private static Reply NotAllowed(string allowed) =>
        ApiReplies.Error(405, $"this answers {allowed} only", close: true).Set("Allow", allowed);
}
