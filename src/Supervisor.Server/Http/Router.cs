using Supervisor.Core.Engine;
using Supervisor.Core.Ports;
using Supervisor.Rpc.Contract;
using Supervisor.Server.Api;
using Supervisor.Server.Tail;
using Supervisor.Server.Web;

namespace Supervisor.Server.Http;

/// <summary>Has a request answered by whom its <see cref="RequestRoute"/> names.</summary>
internal sealed class Router(
    IRpcDispatcher rpc, ISupervisorApi api, ISupervisorLoop loop, LogFiles logs, RequestMemory requests, MemoryBudget answers, IProcessUsage usage,
    AccessLog log, TimeProvider time)
{
    private readonly LogTailHandler _tail = new(loop, logs);
    private readonly WebHandler _web = new(api, loop, log, time);
    private readonly Lazy<ApiHandler> _api = new(() => new ApiHandler(rpc, loop, logs, usage, log, answers));

    /// <summary>What holds the requests.</summary>
    public RequestMemory Requests => requests;

    /// <param name="request">The head.</param>
    /// <param name="server">Where it came in.</param>
    /// <param name="requestBody">Read by who wants it.</param>
    public async ValueTask<Reply> HandleAsync(RequestHead request, ServerContext server, RequestBody requestBody)
    {
        var target = request.Target;
        switch (target.Route)
        {
            case RequestRoute.Rpc:
                return request.Method == "POST" ? await RpcAsync(requestBody) : Reply.Error(400);
            case RequestRoute.ProcessLog:
                return request.Method == "GET" ? await _tail.ProcessLogAsync(request) : Reply.Error(400);
            case RequestRoute.MainLog:
                return request.Method == "GET" ? await _tail.MainLogAsync() : Reply.Error(400);
            case RequestRoute.Api:
                return await _api.Value.HandleAsync(request, () => requestBody.ReadAsync().AsTask());
            case RequestRoute.Page when request.Method == "GET":
                return Counted(await _web.HandleAsync(target.View!, request, server, ""));
            case RequestRoute.Page when request.Method == "POST":
                var (body, refusal) = await requestBody.ReadAsync();
                return refusal ?? Counted(await _web.HandleAsync(target.View!, request, server, System.Text.Encoding.UTF8.GetString(body.Span)));
            default:
                return await StaticFiles.HandleAsync(request, server);
        }
    }

    private async ValueTask<Reply> RpcAsync(RequestBody requestBody)
    {
        var (body, refusal) = await requestBody.ReadAsync();
        if (refusal is not null)
        {
            return refusal;
        }

        if (answers.IsSpent)
        {
            return Reply.Error(503, close: true);
        }

        var lease = new AnswerLease(answers);
        var answer = await rpc.DispatchAsync(body, lease);
        if (answer.StatusCode != 200)
        {
            lease.Dispose();
            return Reply.Error(answer.StatusCode);
        }

        requests.Trim.Note(answer.Body.Length);
        return answer.Body.Length <= MemoryBudget.Small ? Reply.Content("text/xml", answer.Body, answer.Release)
            : answer.Body.Length < GcTrimmer.Big ? Borrowed(answer, lease)
            : Outside(answer, lease);
    }

    private static Reply Borrowed(RpcReply answer, AnswerLease lease) => Reply.Content("text/xml", answer.Body, () =>
    {
        lease.Dispose();
        answer.Release?.Invoke();
    });

    // Clients may take their time, and what lives long in the collector's reach has it allow several times as much.
    private Reply Outside(RpcReply answer, AnswerLease lease)
    {
        var block = requests.Native.Allocate(answer.Body.Length);
        answer.Body.CopyTo(block.Memory);
        answer.Release?.Invoke();
        return Outside(block, lease);
    }

    // By itself, so that nothing holds the original.
    private static Reply Outside(INativeBlock block, AnswerLease lease) => Reply.Content("text/xml", block.Memory, () =>
    {
        lease.Dispose();
        block.Dispose();
    });

    // The pages are answers like all others.
    private Reply Counted(Reply page)
    {
        var lease = new AnswerLease(answers);
        try
        {
            lease.Take(page.Body.Length);
        }
        catch (AnswerTooLongException)
        {
            return Reply.Error(503, close: true);
        }

        return page.WhenSent(lease.Dispose);
    }
}
