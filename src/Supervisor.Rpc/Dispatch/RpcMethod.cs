using Supervisor.Rpc.Contract;
using Supervisor.Rpc.Wire;

namespace Supervisor.Rpc.Dispatch;

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
    /// <summary>It only looks, so that a GET may do it. Whatever is not marked may change something.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>It counts the parts of its answer itself.</summary>
    public bool Counts { get; init; }

    /// <summary>An answer, with every member that answers have; the schemas of the JSON interface are made from it.</summary>
    public RpcValue Example { get; init; } = true;

    private int Required { get; } = Parameters.Count(p => !p.Optional);

    public bool Accepts(int count) => count >= Required && count <= Parameters.Count;

    public RpcMethodInfo Describe(string fullName) => new(fullName, ReadOnly, Parameters, ReturnType, Summary, ReturnDoc, Example);

    /// <summary>What system.methodHelp answers (RPC-081).</summary>
    public string Help =>
        $" {Summary}\n\n" + string.Concat(Parameters.Select(p => $"@param {p.Type} {p.Name} {p.Doc}\n")) + $"@return {ReturnType} {ReturnDoc}\n";

    /// <summary>What system.methodSignature answers (RPC-082).</summary>
    public RpcArray Signature => new([ReturnType, .. Parameters.Select(p => (RpcValue)p.Type)]);
}
