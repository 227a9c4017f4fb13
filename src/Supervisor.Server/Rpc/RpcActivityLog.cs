using System.Text;
using Supervisor.Core.Configuration.Expansion;
using Supervisor.Core.Configuration.Model;
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

    public void Invalid(ReadOnlyMemory<byte> body, string why) =>
        log.Error($"XML-RPC request data {Shown(body)} is invalid: {why}");

    public void Unexpected(ReadOnlyMemory<byte> body, Exception exception) => log.Critical(
        $"Handling XML-RPC request with data {Shown(body)} raised an unexpected exception: {exception}");

    private static string Name(string text) => text.Length > MaximumShown ? text[..MaximumShown] + "..." : text;

    // Writing the log must not keep the loop waiting, nor fill a disk with what a client made up.
    private static string Shown(ReadOnlyMemory<byte> body) => PythonRepr.Of(Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, MaximumShown)]))
        + (body.Length > MaximumShown ? $" and {body.Length - MaximumShown} bytes more" : "");
}
