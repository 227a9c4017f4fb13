using Supervisor.Rpc.Contract;
using Supervisor.Rpc.Wire;

namespace Supervisor.Rpc.Dispatch;

/// <summary>One parameter of a method as its documentation tells.</summary>
internal sealed record RpcParameter(string Type, string Name, string Doc, bool Optional = false);

/// <summary>One row of the interface: everything that is known about a method, in one place.</summary>
/// <param name="Name">Without its namespace.</param>
/// <param name="Parameters">In order; optional ones last.</param>
/// <param name="ReturnType">As methodSignature tells it.</param>
/// <param name="Summary">What it does.</param>
/// <param name="ReturnDoc">What it returns.</param>
/// <param name="Invoke">The call.</param>
internal sealed record RpcMethod(
    string Name, IReadOnlyList<RpcParameter> Parameters, string ReturnType, string Summary, string ReturnDoc,
    Func<ISupervisorApi, RpcArguments, Task<RpcValue>> Invoke)
{
    private int Required => Parameters.Count(p => !p.Optional);

    public bool Accepts(int count) => count >= Required && count <= Parameters.Count;

    /// <summary>What system.methodHelp answers (RPC-081).</summary>
    public string Help =>
        $" {Summary}\n\n" + string.Concat(Parameters.Select(p => $"@param {p.Type} {p.Name} {p.Doc}\n")) + $"@return {ReturnType} {ReturnDoc}\n";

    /// <summary>What system.methodSignature answers (RPC-082).</summary>
    public RpcArray Signature => new([ReturnType, .. Parameters.Select(p => (RpcValue)p.Type)]);
}
