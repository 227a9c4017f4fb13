using Supervisor.Rpc.Wire;

namespace Supervisor.Rpc.Contract;

/// <summary>One parameter of a method as its documentation tells.</summary>
/// <param name="Type">In XML-RPC's words: string, int, boolean, array.</param>
/// <param name="Name">Unique within its method.</param>
/// <param name="Doc">What it means.</param>
/// <param name="Optional">May be left out; such parameters come last.</param>
public sealed record RpcParameter(string Type, string Name, string Doc, bool Optional = false);

/// <summary>What other fronts than XML-RPC need to know of a method.</summary>
/// <param name="Name">With its namespace, as in <c>supervisor.getState</c>.</param>
/// <param name="ReadOnly">It only looks.</param>
/// <param name="Parameters">In order.</param>
/// <param name="ReturnType">As methodSignature tells it.</param>
/// <param name="Summary">What it does.</param>
/// <param name="ReturnDoc">What it returns.</param>
/// <param name="Example">An answer, with every member that answers have.</param>
public sealed record RpcMethodInfo(
    string Name, bool ReadOnly, IReadOnlyList<RpcParameter> Parameters, string ReturnType, string Summary, string ReturnDoc, RpcValue Example);
