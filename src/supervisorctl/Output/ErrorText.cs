using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Supervisor.Core.Configuration.Expansion;
using Supervisor.Ctl.Shell;
using Supervisor.Rpc.Client;
using Supervisor.Rpc.Contract;

namespace Supervisor.Ctl.Output;

/// <summary>
/// Unexpected failures in the shape that scripts know: <c>error: &lt;class 'X'&gt;, text: file: f line: n</c> with Python's class
/// names (CTL-006..008). There is no Python source to point at, so file and line are fixed.
/// </summary>
internal static class ErrorText
{
    private const int Econnrefused = 111;

    /// <summary>Whether the failure means "nobody listens there".</summary>
    public static bool IsRefused(Exception e) => e is SocketException socket && Errno(socket) == Econnrefused;

    /// <summary>Whether the failure means "there is no such socket file".</summary>
    public static bool IsMissingFile(Exception e) => e is RpcClientException { Error: RpcClientError.SocketFileMissing };

    public static string Line(Exception e)
    {
        var (type, text) = Describe(e);
        return $"error: <class '{type}'>, {text}: file: supervisorctl line: 0";
    }

    public static (string Type, string Text) Describe(Exception e) => e switch
    {
        RpcFaultException fault => ("xmlrpc.client.Fault", Fault(fault)),
        RpcProtocolException http => ("xmlrpc.client.ProtocolError",
            string.Create(CultureInfo.InvariantCulture, $"<ProtocolError for 127.0.0.1/RPC2: {http.Status} {http.Reason}>")),
        RpcClientException client => (TypeOf(client.Error), client.Message),
        SocketException socket => Socket(socket),
        EndOfInputException => ("EOFError", "EOF when reading a line"),
        OverflowException => ("OverflowError", e.Message),
        ArgumentException or FormatException => ("ValueError", e.Message),
        _ => ("Exception", e.Message),
    };

    /// <summary>The text of <c>str(Fault)</c>.</summary>
    public static string Fault(RpcFaultException fault) =>
        string.Create(CultureInfo.InvariantCulture, $"<Fault {fault.Code}: {PythonRepr.Of(fault.Text)}>");

    private static string TypeOf(RpcClientError error) => error switch
    {
        RpcClientError.BadAddress => "ValueError",
        RpcClientError.RemoteDisconnected => "http.client.RemoteDisconnected",
        RpcClientError.BadStatusLine => "http.client.BadStatusLine",
        RpcClientError.IncompleteRead => "http.client.IncompleteRead",
        RpcClientError.SocketFileMissing => "FileNotFoundError",
        RpcClientError.SocketPathTooLong => "OSError",
        _ => "xmlrpc.client.ResponseError",
    };

    private static (string Type, string Text) Socket(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.HostNotFound => ("socket.gaierror", "[Errno -2] Name or service not known"),
        SocketError.TryAgain => ("socket.gaierror", "[Errno -3] Temporary failure in name resolution"),
        SocketError.NoData => ("socket.gaierror", "[Errno -5] No address associated with hostname"),
        _ => (TypeOf(Errno(e)), string.Create(CultureInfo.InvariantCulture, $"[Errno {Errno(e)}] {Marshal.GetPInvokeErrorMessage(Errno(e))}")),
    };

    private static string TypeOf(int errno) => errno switch
    {
        1 or 13 => "PermissionError",
        32 => "BrokenPipeError",
        103 => "ConnectionAbortedError",
        104 => "ConnectionResetError",
        110 => "TimeoutError",
        Econnrefused => "ConnectionRefusedError",
        _ => "OSError",
    };

    /// <summary>The system's number; exceptions made from a <see cref="SocketError"/> alone carry that value instead.</summary>
    private static int Errno(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => Econnrefused,
        SocketError.ConnectionReset => 104,
        SocketError.TimedOut => 110,
        SocketError.AccessDenied => 13,
        _ => e.NativeErrorCode,
    };
}
