using System.Text;
using Supervisor.Core.Engine;
using Supervisor.Rpc.Contract;
using Supervisor.Rpc.Wire;

namespace Supervisor.Server.Rpc;

public sealed partial class SupervisorApi
{
    public Task<bool> SendProcessStdin(string name, RpcValue chars)
    {
        if (chars is not RpcString text)
        {
            var fault = PythonValue.Later(() => chars is RpcNil ? null : PythonValue.Str(chars));
            return InvokeAsync<bool>(_ => throw new RpcFaultException(FaultCode.IncorrectParameters, fault()));
        }

        var data = Encoding.UTF8.GetBytes(text.Value);
        return InvokeAsync(s => FindProcess(s, name).WriteStdin(data) switch
        {
            StdinOutcome.Queued => true,
            StdinOutcome.NotRunning => throw new RpcFaultException(FaultCode.NotRunning, name),
            StdinOutcome.Full => throw new RpcFaultException(FaultCode.Failed, $"{name} does not read its stdin"),
            _ => throw new RpcFaultException(FaultCode.NoFile, name),
        });
    }
}
