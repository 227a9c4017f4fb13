using System.Text;

namespace Supervisor.Rpc.Wire;

/// <summary>
/// An element that is open: what is needed to turn it into a value when it ends. There is no tree: a child that ends leaves what its parent has a
/// use for, so that a document full of nothing costs nothing. One object serves all elements of its depth, one after the other.
/// </summary>
internal sealed class XmlElement
{
    private string? _text;
    private StringBuilder? _pieces;
    private List<RpcValue>? _contents;
    private List<KeyValuePair<string, RpcValue>>? _members;
    private XmlPart _first;
    private XmlPart _second;
    private int _children;

    public string Tag { get; private set; } = "";

    /// <summary>Text before the first child; null when there is none.</summary>
    public string? Text => _pieces?.ToString() ?? _text;

    /// <summary>Contents of the children of <c>params</c> and <c>data</c>, in order.</summary>
    public IReadOnlyList<RpcValue> Contents => _contents ?? (IReadOnlyList<RpcValue>)[];

    /// <summary>Content of the first child; null when there is none.</summary>
    public RpcValue? FirstContent => _children > 0 ? _first.Content : null;

    /// <summary>Begins anew.</summary>
    public void Begin(string tag)
    {
        Tag = tag;
        (_text, _pieces, _contents, _members, _first, _second, _children) = (null, null, null, null, default, default, 0);
    }

    /// <summary>Text may come in many pieces, between comments and sections. Behind a child it is nobody's.</summary>
    public void AddText(string text)
    {
        if (_children > 0 || text.Length == 0)
        {
            return;
        }

        if (_text is null)
        {
            _text = text;
        }
        else
        {
            (_pieces ??= new StringBuilder(_text)).Append(text);
        }
    }

    /// <summary>A child has ended.</summary>
    /// <exception cref="XmlRpcFormatException">A member of a struct that is not a name and a value.</exception>
    public void Add(XmlElement child, XmlPart part)
    {
        switch (_children++)
        {
            case 0:
                _first = part;
                break;
            case 1:
                _second = part;
                break;
        }

        if (Tag is "params" or "data")
        {
            (_contents ??= []).Add(part.Content);
        }
        else if (Tag == "struct")
        {
            (_members ??= []).Add(child.AsMember(part));
        }
    }

    /// <summary>Ends the element.</summary>
    /// <exception cref="XmlRpcFormatException">Its content does not fit its tag.</exception>
    public XmlPart End()
    {
        var value = ToValue();
        return new(value, value is null ? Text : null);
    }

    private RpcValue? ToValue() => Tag switch
    {
        "int" or "i4" => new RpcInt(XmlScalar.Integer(Text)),
        "boolean" => new RpcBool(Text == "1"),
        "string" => new RpcString(Text ?? ""),
        "double" => new RpcDouble(XmlScalar.Double(Text)),
        "dateTime.iso8601" => new RpcDateTime(XmlScalar.DateTime(Text)),
        "base64" => new RpcString(XmlScalar.Base64(Text ?? "")),
        "array" or "param" => FirstContent ?? throw new XmlRpcFormatException($"empty {Tag}"),
        "data" => new RpcArray(Contents),
        "struct" => new RpcStruct(_members ?? (IReadOnlyList<KeyValuePair<string, RpcValue>>)[]),
        "value" => FirstContent ?? new RpcString(Text ?? ""),
        _ => null,
    };

    private KeyValuePair<string, RpcValue> AsMember(XmlPart ended)
    {
        if (ended.Value is not null || _children != 2)
        {
            throw new XmlRpcFormatException("a struct member is a name and a value");
        }

        return new(_first.Text ?? (_first.Value is RpcString s ? s.Value : ""), _second.Content);
    }
}
