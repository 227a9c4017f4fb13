using Supervisor.Rpc.Contract;
using Supervisor.Rpc.Wire;

namespace Supervisor.Rpc.Dispatch;

/// <summary>
/// From a POST body to an answer: the <c>system</c> namespace and, under the name of each <c>[rpcinterface:x]</c>, the supervisor's.
/// </summary>
public sealed class RpcDispatcher : IRpcDispatcher
{
    /// <summary>Bytes of a document from which on it is a big one.</summary>
    private const int Big = 256 * 1024;

    // Below this a document is read on the thread that got it, which serves everybody.
    private const int Quick = 64 * 1024;

    private readonly ParsedCallCache _memory = new();
    private readonly SemaphoreSlim _oneBigAtATime = new(1);
    private readonly IRpcLog _log;
    private readonly ISupervisorApi _api;
    private readonly Dictionary<string, RpcMethod> _methods = new(StringComparer.Ordinal);
    private readonly SystemMethods _system;

    /// <param name="api">The supervisor.</param>
    /// <param name="namespaces">Names under which it is offered, usually <c>supervisor</c> alone (OPT-126).</param>
    /// <param name="log">The activity log.</param>
    public RpcDispatcher(ISupervisorApi api, IEnumerable<string> namespaces, IRpcLog log)
    {
        _api = api;
        _log = log;
        foreach (var name in namespaces)
        {
            foreach (var row in SupervisorMethods.Rows)
            {
                _methods[$"{name}.{row.Name}"] = row;
            }
        }

        _system = new SystemMethods(_methods, CallAsync);
        foreach (var row in _system.Rows)
        {
            _methods[$"system.{row.Name}"] = row;
        }
    }

    public async ValueTask<RpcReply> DispatchAsync(ReadOnlyMemory<byte> body, AnswerLease lease)
    {
        if (body.Length > Quick)
        {
            await Task.Yield();
        }

        string? method;
        IReadOnlyList<RpcValue> arguments;
        try
        {
            (method, arguments) = body.Length <= Big ? Read(body.Span) : await ReadBigAsync(body);
        }
        catch (XmlRpcFormatException e)
        {
            _log.Invalid(body, e.Position is { } at ? $"unmarshallable ({e.Message} at character {at})" : $"unmarshallable ({e.Message})");
            return new RpcReply(400, default);
        }

        if (method is null)
        {
            _log.Invalid(body, "no method name");
            return new RpcReply(400, default);
        }

        try
        {
            _log.Called(method);
            XmlOutput answer;
            try
            {
                answer = await AnswerAsync(method, arguments, lease);
            }
            catch (RpcFaultException fault)
            {
                _log.Fault(method, fault.Code, fault.Text);
                answer = XmlRpcWriter.Fault(fault.Code, fault.Text);
            }

            lease.Shrink(answer.Written.Length);
            return new RpcReply(200, answer.Written, answer.Release);
        }
        catch (Exception e)
        {
            _log.Unexpected(body, e);
            return new RpcReply(500, default);
        }
    }

    public IReadOnlyList<RpcMethodInfo> Methods =>
        [.. _methods.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => m.Value.Describe(m.Key))];

    public RpcMethodInfo? Find(string method) => _methods.TryGetValue(method, out var row) ? row.Describe(method) : null;

    private (string? Method, IReadOnlyList<RpcValue> Arguments) Read(ReadOnlySpan<byte> body)
    {
        if (!_memory.TryFind(body, out var method, out var arguments))
        {
            (method, arguments) = XmlRpcReader.ReadCall(body);
            _memory.Keep(body, method, arguments);
        }

        return (method, arguments);
    }

    // A document takes several times its size while it is read: big ones wait for each other.
    private async Task<(string? Method, IReadOnlyList<RpcValue> Arguments)> ReadBigAsync(ReadOnlyMemory<byte> body)
    {
        await _oneBigAtATime.WaitAsync();
        try
        {
            return XmlRpcReader.ReadCall(body.Span);
        }
        finally
        {
            _oneBigAtATime.Release();
        }
    }

    private async ValueTask<XmlOutput> AnswerAsync(string method, IReadOnlyList<RpcValue> arguments, AnswerLease lease)
    {
        var value = await CallAsync(method, arguments, lease);
        _log.Returned(method);
        return XmlRpcWriter.Response(value, lease);
    }

    // RPC-014
    public Task<RpcValue> CallAsync(string method, IReadOnlyList<RpcValue> arguments, AnswerLease lease)
    {
        if (!_methods.TryGetValue(method, out var row))
        {
            throw new RpcFaultException(FaultCode.UnknownMethod);
        }

        if (!row.Accepts(arguments.Count))
        {
            throw new RpcFaultException(FaultCode.IncorrectParameters);
        }

        var answer = row.Invoke(_api, new RpcArguments(arguments, lease));
        return row.Counts ? answer : CountAsync(answer, lease);
    }

    private static Task<RpcValue> CountAsync(Task<RpcValue> answer, AnswerLease lease)
    {
        if (!answer.IsCompletedSuccessfully)
        {
            return WaitAsync();
        }

        lease.Take(AnswerLease.SizeOf(answer.Result));
        return answer;

        async Task<RpcValue> WaitAsync()
        {
            var value = await answer;
            lease.Take(AnswerLease.SizeOf(value));
            return value;
        }
    }
}
