namespace Supervisor.Rpc.Contract;

/// <summary>What the HTTP layer needs of the RPC layer: a POST body in, a complete reply out.</summary>
public interface IRpcDispatcher
{
    /// <summary>Never throws; deferred calls complete when the supervisor says so.</summary>
    Task<RpcReply> DispatchAsync(ReadOnlyMemory<byte> body);
}

/// <param name="StatusCode">200 for answers and faults, 400 for malformed requests, 500 for internal errors (RPC-004, RPC-012).</param>
/// <param name="Body">The XML document for 200, otherwise empty: the HTTP layer sends its error page.</param>
public readonly record struct RpcReply(int StatusCode, ReadOnlyMemory<byte> Body);
