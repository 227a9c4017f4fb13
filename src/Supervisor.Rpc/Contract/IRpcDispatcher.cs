using Supervisor.Rpc.Wire;

namespace Supervisor.Rpc.Contract;

/// <summary>What the HTTP layer needs of the RPC layer: a POST body in, a complete reply out.</summary>
public interface IRpcDispatcher
{
    /// <summary>Never throws; deferred calls complete when the supervisor says so.</summary>
    /// <param name="body">The document.</param>
    /// <param name="lease">What the answer takes while it is made and until it is sent; the caller's to dispose of.</param>
    ValueTask<RpcReply> DispatchAsync(ReadOnlyMemory<byte> body, AnswerLease lease);

    /// <summary>All methods, by name.</summary>
    IReadOnlyList<RpcMethodInfo> Methods { get; }

    /// <summary>What is known of a method; null when there is none of that full name.</summary>
    RpcMethodInfo? Find(string method);

    /// <summary>Does one call.</summary>
    /// <param name="method">Full name.</param>
    /// <param name="arguments">In order.</param>
    /// <param name="lease">What the answer takes.</param>
    /// <exception cref="RpcFaultException">The fault that an XML-RPC client would get.</exception>
    Task<RpcValue> CallAsync(string method, IReadOnlyList<RpcValue> arguments, AnswerLease lease);
}

/// <param name="StatusCode">200 for answers and faults, 400 for malformed requests, 500 for internal errors (RPC-004, RPC-012).</param>
/// <param name="Body">The XML document for 200, otherwise empty: the HTTP layer sends its error page.</param>
/// <param name="Release">To be called once when the body is not needed any more, its memory serves the next; null when there is nothing to give back.</param>
public readonly record struct RpcReply(int StatusCode, ReadOnlyMemory<byte> Body, Action? Release = null);
