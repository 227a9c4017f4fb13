using System.Text;

namespace Supervisor.Rpc.Wire;

/// <summary>An element while a document is read: what is needed to turn it into a value when it ends.</summary>
internal sealed class XmlNode(string tag)
{
    public string Tag => tag;

    private string? _text;
    private StringBuilder? _pieces;

    /// <summary>Text before the first child; null when there is none.</summary>
    public string? Text
    {
        get => _pieces?.ToString() ?? _text;
        set => (_text, _pieces) = (value, null);
    }

    public List<XmlNode> Children { get; } = [];

    /// <summary>Text may come in many pieces, between comments and sections.</summary>
    public void AddText(string text)
    {
        if (_text is null)
        {
            _text = text;
        }
        else
        {
            (_pieces ??= new StringBuilder(_text)).Append(text);
        }
    }

    /// <summary>The value that the element stands for, once it has ended; null for elements that are only structure.</summary>
    public RpcValue? Value { get; set; }

    /// <summary>The element as somebody's content: its value, or its bare text, or nothing at all.</summary>
    public RpcValue Content => Value ?? (Text is null ? RpcNil.Instance : new RpcString(Text));
}
