using System.Globalization;
using Supervisor.Rpc.Contract;
using Supervisor.Rpc.Wire;

namespace Supervisor.Rpc.Dispatch;

/// <summary>Arguments as Python's methods would see them (RPC-006).</summary>
internal readonly struct RpcArguments(IReadOnlyList<RpcValue> values)
{
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

    /// <summary><c>int()</c>: numeric texts and floats count.</summary>
    /// <exception cref="FormatException">A text that is no number: an internal error upstream, and so here.</exception>
    public long Number(int index) => values[index] switch
    {
        RpcInt i => i.Value,
        RpcBool b => b.Value ? 1 : 0,
        RpcDouble { Value: var d } => double.IsFinite(d) ? (long)Math.Truncate(d) : throw new FormatException("not a finite number"),
        RpcString s => long.Parse(s.Value.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
        _ => throw new RpcFaultException(FaultCode.IncorrectParameters),
    };

    /// <summary>A signal: name or number, as text.</summary>
    public string SignalText(int index) => values[index] switch
    {
        RpcString s => s.Value,
        RpcInt i => i.Value.ToString(CultureInfo.InvariantCulture),
        RpcBool b => b.Value ? "1" : "0",
        _ => throw new RpcFaultException(FaultCode.IncorrectParameters),
    };
}
