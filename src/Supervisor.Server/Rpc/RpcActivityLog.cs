using System.Text;
using Supervisor.Core.Configuration.Expansion;
using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Ports;
using Supervisor.Rpc.Contract;

namespace Supervisor.Server.Rpc;

/// <summary>The dispatcher's lines in the activity log (RPC-004, RPC-012, RPC-013).</summary>
public sealed class RpcActivityLog(IActivityLog log) : IRpcLog
{
    public void Called(string method)
    {
        if (log.IsEnabled(LogLevel.Trace))
        {
            log.Trace($"XML-RPC method called: {method}()");
        }
    }

    public void Returned(string method)
    {
        if (log.IsEnabled(LogLevel.Trace))
        {
            log.Trace($"XML-RPC method {method}() returned successfully");
        }
    }

    public void Fault(string method, int code, string text)
    {
        if (log.IsEnabled(LogLevel.Trace))
        {
            log.Trace($"XML-RPC method {method}() returned fault: [{code}] {text}");
        }
    }

    public void Invalid(ReadOnlyMemory<byte> body, string why) =>
        log.Error($"XML-RPC request data {PythonRepr.Of(Encoding.UTF8.GetString(body.Span))} is invalid: {why}");

    public void Unexpected(ReadOnlyMemory<byte> body, Exception exception) => log.Critical(
        $"Handling XML-RPC request with data {PythonRepr.Of(Encoding.UTF8.GetString(body.Span))} raised an unexpected exception: {exception}");
}
