using System.Globalization;
using Supervisor.Core.Engine;
using Supervisor.Core.Ports;
using Supervisor.Rpc.Contract;
using Supervisor.Server.Api;
using Supervisor.Server.Tail;
using Supervisor.Server.Web;

namespace Supervisor.Server.Http;

/// <summary>Finds who answers a request; the first match wins (HTTP-030).</summary>
internal sealed class Router(
    IRpcDispatcher rpc, ISupervisorApi api, ISupervisorLoop loop, IFileSystem files, IProcessUsage usage, AccessLog log, TimeProvider time)
{
    /// <summary>Larger bodies are refused before they are read; no request of any client comes near.</summary>
    public const int MaximumBody = 64 * 1024 * 1024;

    private readonly LogTailHandler _tail = new(loop, files);
    private readonly WebHandler _web = new(api, loop, log, time);
    private readonly Lazy<ApiHandler> _api = new(() => new ApiHandler(rpc, loop, files, usage, log));

    /// <param name="request">The head.</param>
    /// <param name="server">Where it came in.</param>
    /// <param name="readBody">Reads as many bytes of body.</param>
    public async Task<Reply> HandleAsync(RequestHead request, ServerIdentity server, Func<int, Task<byte[]>> readBody)
    {
        if (request.Uri.StartsWith("/RPC2", StringComparison.Ordinal))
        {
            return request.Method == "POST" ? await RpcAsync(request, readBody) : Reply.Error(400);
        }

        if (request.Uri.StartsWith("/logtail", StringComparison.Ordinal))
        {
            return request.Method == "GET" ? await _tail.ProcessLogAsync(request) : Reply.Error(400);
        }

        if (request.Uri.StartsWith("/mainlogtail", StringComparison.Ordinal))
        {
            return request.Method == "GET" ? await _tail.MainLogAsync() : Reply.Error(400);
        }

        if (request.Path.StartsWith(ApiHandler.Prefix, StringComparison.Ordinal))
        {
            return await _api.Value.HandleAsync(request, () => BodyAsync(request, readBody));
        }

        if (request.Method is "GET" or "POST" && WebHandler.Find(request.Path) is { } view)
        {
            if (request.Method == "GET")
            {
                return await _web.HandleAsync(view, request, server, "");
            }

            var (body, refusal) = await BodyAsync(request, readBody);
            return refusal ?? await _web.HandleAsync(view, request, server, System.Text.Encoding.UTF8.GetString(body!));
        }

        return StaticFiles.Handle(request, server);
    }

    private async Task<Reply> RpcAsync(RequestHead request, Func<int, Task<byte[]>> readBody)
    {
        var (body, refusal) = await BodyAsync(request, readBody);
        if (refusal is not null)
        {
            return refusal;
        }

        var answer = await rpc.DispatchAsync(body);
        return answer.StatusCode == 200 ? Reply.Content("text/xml", answer.Body) : Reply.Error(answer.StatusCode);
    }

    // RPC-002: a length is required, chunked bodies are not understood.
    private static async Task<(byte[]? Body, Reply? Refusal)> BodyAsync(RequestHead request, Func<int, Task<byte[]>> readBody)
    {
        var text = request["Content-Length"];
        if (string.IsNullOrEmpty(text))
        {
            return (null, Reply.Error(411));
        }

        if (!long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var length))
        {
            return (null, Reply.Error(500));
        }

        return length switch
        {
            < 0 => (null, Reply.Error(400, close: true)),
            > MaximumBody => (null, Reply.Error(413, close: true)),
            _ => (await readBody((int)length), null),
        };
    }
}
