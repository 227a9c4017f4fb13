namespace Supervisor.Rpc.Client;

/// <summary>Failures of a call that are neither a fault, an HTTP status nor a socket error.</summary>
public enum RpcClientError
{
    /// <summary>The server address cannot be used (CTL-008).</summary>
    BadAddress,

    /// <summary>The peer closed the connection before it answered.</summary>
    RemoteDisconnected,

    /// <summary>The answer does not begin with an HTTP status line.</summary>
    BadStatusLine,

    /// <summary>The connection ended inside an answer.</summary>
    IncompleteRead,

    /// <summary>The unix socket path does not fit in a socket address (107 bytes).</summary>
    SocketPathTooLong,

    /// <summary>There is no such unix socket; .NET has no socket error of its own for ENOENT.</summary>
    SocketFileMissing,

    /// <summary>The answer is well-formed HTTP, but not what the method promises.</summary>
    BadAnswer,
}

public sealed class RpcClientException : Exception
{
    public RpcClientException(RpcClientError error, string message) : base(message)
    {
        Error = error;
    }

    public RpcClientError Error { get; }
}

/// <summary>The server answered with an HTTP status other than 200, for example 401 (CTL-007).</summary>
public sealed class RpcProtocolException : Exception
{
    public RpcProtocolException(int status, string reason) : base(reason)
    {
        Status = status;
    }

    public int Status { get; }

    /// <summary>The reason phrase of the status line, possibly empty.</summary>
    public string Reason => Message;
}
