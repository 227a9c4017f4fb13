using Supervisor.Core.Engine;
using Supervisor.Core.Ports;
using Supervisor.Rpc.Contract;
using Supervisor.Server.Api;
using Supervisor.Server.Tail;
using Supervisor.Server.Web;

namespace Supervisor.Server.Http;

/// <summary>Finds who answers a request; the first match wins (HTTP-030).</summary>
internal sealed class Router(
    IRpcDispatcher rpc, ISupervisorApi api, ISupervisorLoop loop, LogFiles logs, RequestMemory requests, IProcessUsage usage, AccessLog log,
    TimeProvider time)
{
    // All clients together may have us hold this much.
    private const long AnswerBytes = 128 * 1024 * 1024;

    private readonly LogTailHandler _tail = new(loop, logs);
    private readonly WebHandler _web = new(api, loop, log, time);
    private readonly Lazy<ApiHandler> _api = new(() => new ApiHandler(rpc, loop, logs, usage, log));

    private readonly MemoryBudget _answers = new(AnswerBytes);

    /// <summary>What holds the requests.</summary>
    public RequestMemory Requests => requests;

    /// <param name="request">The head.</param>
    /// <param name="server">Where it came in.</param>
    /// <param name="requestBody">Read by who wants it.</param>
    public async ValueTask<Reply> HandleAsync(RequestHead request, ServerIdentity server, RequestBody requestBody)
    {
        if (request.Uri.StartsWith("/RPC2", StringComparison.Ordinal))
        {
            return request.Method == "POST" ? await RpcAsync(requestBody) : Reply.Error(400);
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
            return await _api.Value.HandleAsync(request, () => requestBody.ReadAsync().AsTask());
        }

        if (request.Method is "GET" or "POST" && WebHandler.Find(request.Path) is { } view)
        {
            if (request.Method == "GET")
            {
                return await _web.HandleAsync(view, request, server, "");
            }

            var (body, refusal) = await requestBody.ReadAsync();
            return refusal ?? await _web.HandleAsync(view, request, server, System.Text.Encoding.UTF8.GetString(body.Span));
        }

        return await StaticFiles.HandleAsync(request, server);
    }

    private async ValueTask<Reply> RpcAsync(RequestBody requestBody)
    {
        var (body, refusal) = await requestBody.ReadAsync();
        if (refusal is not null)
        {
            return refusal;
        }

        if (_answers.IsSpent)
        {
            return Reply.Error(503, close: true);
        }

        var answer = await rpc.DispatchAsync(body);
        if (answer.StatusCode != 200)
        {
            return Reply.Error(answer.StatusCode);
        }

        var size = answer.Body.Length;
        requests.Trim.Note(size);
        if (size <= MemoryBudget.Small)
        {
            return Reply.Content("text/xml", answer.Body, answer.Release);
        }

        if (!_answers.TryTake(size))
        {
            return Reply.Error(503, close: true);
        }

        return size < MemoryTrim.Big ? Borrowed(answer) : Outside(answer);
    }

    private Reply Borrowed(RpcReply answer) => Reply.Content("text/xml", answer.Body, () =>
    {
        _answers.Return(answer.Body.Length);
        answer.Release?.Invoke();
    });

    // Clients may take their time, and what lives long in the collector's reach has it allow several times as much.
    private Reply Outside(RpcReply answer)
    {
        var block = requests.Native.Allocate(answer.Body.Length);
        answer.Body.CopyTo(block.Memory);
        answer.Release?.Invoke();
        return Outside(block);
    }

    // By itself, so that nothing holds the original.
    private Reply Outside(INativeBlock block) => Reply.Content("text/xml", block.Memory, () =>
    {
        _answers.Return(block.Memory.Length);
        block.Dispose();
    });
}
