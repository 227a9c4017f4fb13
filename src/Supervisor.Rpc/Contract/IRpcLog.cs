namespace Supervisor.Rpc.Contract;

/// <summary>What the dispatcher has to say to the activity log. Callable from any thread.</summary>
public interface IRpcLog
{
    void Called(string method);

    void Returned(string method);

    void Fault(string method, int code, string text);

    /// <summary>A request that is no call (RPC-004).</summary>
    void Invalid(ReadOnlyMemory<byte> body, string why);

    /// <summary>A bug, or an argument that no method expects (RPC-012).</summary>
    void Unexpected(ReadOnlyMemory<byte> body, Exception exception);
}
