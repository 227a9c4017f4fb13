using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Logging;
using Supervisor.Core.Ports;
using Supervisor.Rpc.Contract;

namespace Supervisor.Server.Rpc;

/// <summary>The dispatcher's lines in the activity log (RPC-004, RPC-012, RPC-013).</summary>
public sealed class RpcActivityLog(IActivityLog log) : IRpcLog
{
    private const int MaximumShown = 2048;

    public void Called(string method)
    {
        if (log.IsEnabled(LogLevel.Trace))
        {
            log.Trace($"XML-RPC method called: {Name(method)}()");
        }
    }

    public void Returned(string method)
    {
        if (log.IsEnabled(LogLevel.Trace))
        {
            log.Trace($"XML-RPC method {Name(method)}() returned successfully");
        }
    }

    public void Fault(string method, int code, string text)
    {
        if (log.IsEnabled(LogLevel.Trace))
        {
            log.Trace($"XML-RPC method {Name(method)}() returned fault: [{code}] {Name(text)}");
        }
    }

    // Not the data: it may be what somebody sends to a program's stdin.
    public void Invalid(ReadOnlyMemory<byte> body, string why) => log.Error($"XML-RPC request data of {body.Length} bytes is invalid: {why}");

    public void Unexpected(ReadOnlyMemory<byte> body, Exception exception) => log.Write(
        LogLevel.Critical,
        $"Handling XML-RPC request with data of {body.Length} bytes raised an unexpected exception: {LogText.Of(exception)}",
        LogTextKind.Lines);

    private static string Name(string text) => text.Length > MaximumShown ? text[..MaximumShown] + "..." : text;
}
