namespace Supervisor.Rpc.Wire;

/// <summary>What is left of an element that has ended.</summary>
/// <param name="Value">The value it stands for; null for elements that are only structure.</param>
/// <param name="Text">The text of one that stands for no value, before its first child; null when there is none.</param>
internal readonly record struct XmlPart(RpcValue? Value, string? Text)
{
    /// <summary>As somebody's content: the value, or the bare text, or nothing at all.</summary>
    public RpcValue Content => Value ?? (Text is null ? RpcNil.Instance : new RpcString(Text));
}
