namespace Supervisor.Rpc.Wire;

/// <summary>A value of the XML-RPC data model. Structs keep the order of their members.</summary>
public abstract record RpcValue
{
    private protected RpcValue()
    {
    }

    public static implicit operator RpcValue(string value) => new RpcString(value);
    public static implicit operator RpcValue(long value) => new RpcInt(value);
    public static implicit operator RpcValue(bool value) => new RpcBool(value);
}

public sealed record RpcString(string Value) : RpcValue;

/// <summary>Input may exceed 32 bits; output saturates at the i4 range (QRK-034).</summary>
public sealed record RpcInt(long Value) : RpcValue;

public sealed record RpcBool(bool Value) : RpcValue;

public sealed record RpcDouble(double Value) : RpcValue;

/// <summary>As text, <c>yyyyMMddTHH:mm:ss</c>.</summary>
public sealed record RpcDateTime(string Value) : RpcValue;

public sealed record RpcArray(IReadOnlyList<RpcValue> Items) : RpcValue;

public sealed record RpcStruct(IReadOnlyList<KeyValuePair<string, RpcValue>> Members) : RpcValue
{
    /// <summary>The last member of that name, or null.</summary>
    public RpcValue? this[string name]
    {
        get
        {
            for (var i = Members.Count - 1; i >= 0; i--)
            {
                if (Members[i].Key == name)
                {
                    return Members[i].Value;
                }
            }

            return null;
        }
    }
}

/// <summary><c>nil</c>, accepted on input only.</summary>
public sealed record RpcNil : RpcValue
{
    public static RpcNil Instance { get; } = new();
}
