using Supervisor.Rpc.Contract;
using Supervisor.Rpc.Wire;

namespace Supervisor.Rpc.Dispatch;

/// <summary>Arguments as Python's methods would see them (RPC-006).</summary>
internal readonly struct RpcArguments(IReadOnlyList<RpcValue> values, AnswerLease lease)
{
    /// <summary>What the answer takes.</summary>
    public AnswerLease Lease => lease;

    public int Count => values.Count;

    public RpcValue this[int index] => values[index];

    /// <summary>A name. Upstream breaks on other types; here they are wrong parameters.</summary>
    public string Text(int index) => values[index] is RpcString s ? s.Value : throw new RpcFaultException(FaultCode.IncorrectParameters);

    /// <summary>Python's truth of whatever was sent; true when it was left out.</summary>
    public bool Flag(int index) => index >= values.Count || values[index] switch
    {
        RpcBool b => b.Value,
        RpcInt i => i.Value != 0,
        RpcDouble d => d.Value != 0,
        RpcString s => s.Value.Length > 0,
        RpcArray a => a.Items.Count > 0,
        RpcStruct s => s.Members.Count > 0,
        RpcNil => false,
        _ => true,
    };
}
