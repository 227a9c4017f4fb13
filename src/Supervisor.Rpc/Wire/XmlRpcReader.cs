using System.Globalization;
using System.Text;
using Supervisor.Rpc.Contract;

namespace Supervisor.Rpc.Wire;

/// <summary>Reads calls and responses with Python Supervisor's leniencies (RPC-005, RPC-007).</summary>
public static class XmlRpcReader
{
    // Deeper documents only serve to exhaust something.
    private const int MaximumDepth = 512;

    // A call of a thousand parts has some ten thousand. Each costs a hundred bytes and time of the garbage collector, which stops all.
    private const int MaximumElements = 200_000;

    /// <summary>The method name (null when there is none) and its arguments.</summary>
    /// <exception cref="XmlRpcFormatException">Not well-formed, or a typed value that does not fit.</exception>
    public static (string? Method, IReadOnlyList<RpcValue> Arguments) ReadCall(ReadOnlySpan<byte> document)
    {
        string? method = null;
        IReadOnlyList<RpcValue> arguments = [];
        Parse(document, node =>
        {
            if (node.Tag == "methodName")
            {
                method = node.Text;
            }
            else if (node.Tag == "params")
            {
                arguments = [.. node.Children.Select(c => c.Content)];
            }
        });
        return (string.IsNullOrEmpty(method) ? null : method, arguments);
    }

    /// <summary>The answer of a call.</summary>
    /// <exception cref="RpcFaultException">The answer is a fault.</exception>
    /// <exception cref="XmlRpcFormatException">Not an XML-RPC response.</exception>
    public static RpcValue ReadResponse(ReadOnlySpan<byte> document)
    {
        RpcValue? answer = null;
        RpcValue? fault = null;
        Parse(document, node =>
        {
            if (node.Tag == "params")
            {
                answer = node.Children.FirstOrDefault()?.Content;
            }
            else if (node.Tag == "fault")
            {
                fault = node.Children.FirstOrDefault()?.Content;
            }
        });
        if (fault is RpcStruct details)
        {
            throw new RpcFaultException(
                details["faultCode"] is RpcInt code ? (int)code.Value : 0, details["faultString"] is RpcString text ? text.Value : "");
        }

        return answer ?? throw new XmlRpcFormatException("no value in the response");
    }

    private static void Parse(ReadOnlySpan<byte> document, Action<XmlNode> ended)
    {
        var scanner = new XmlScanner(document);
        var open = new Stack<XmlNode>();
        var rootSeen = false;
        var elements = 0;
        for (var token = scanner.Read(); token != XmlToken.End; token = scanner.Read())
        {
            switch (token)
            {
                case XmlToken.Text:
                    AddText(open, scanner.Text);
                    break;
                case XmlToken.Close:
                    if (open.Count == 0 || open.Peek().Tag != scanner.Tag)
                    {
                        throw XmlScanner.Malformed("mismatched tag");
                    }

                    End(open.Pop(), ended);
                    break;
                default:
                    if ((open.Count == 0 && rootSeen) || open.Count >= MaximumDepth)
                    {
                        throw XmlScanner.Malformed(rootSeen ? "junk after document element" : "too deep");
                    }

                    if (++elements > MaximumElements)
                    {
                        throw XmlScanner.Malformed("too many elements");
                    }

                    rootSeen = true;
                    var node = new XmlNode(scanner.Tag);
                    open.TryPeek(out var parent);
                    parent?.Children.Add(node);
                    if (token == XmlToken.Empty)
                    {
                        End(node, ended);
                    }
                    else
                    {
                        open.Push(node);
                    }

                    break;
            }
        }

        if (!rootSeen || open.Count > 0)
        {
            throw XmlScanner.Malformed("no element found");
        }
    }

    private static void AddText(Stack<XmlNode> open, string text)
    {
        if (open.TryPeek(out var node))
        {
            // Text behind a child is nobody's.
            if (node.Children.Count == 0 && text.Length > 0)
            {
                node.AddText(text);
            }
        }
        else if (text.AsSpan().Trim(" \t\r\n").Length > 0)
        {
            throw XmlScanner.Malformed("text outside the document element");
        }
    }

    private static void End(XmlNode node, Action<XmlNode> ended)
    {
        node.Value = Convert(node);
        ended(node);
        if (node.Value is not null)
        {
            // The value has all that is needed; keeping the tree would double the memory of a big call.
            node.Children.Clear();
            node.Text = null;
        }
    }

    private static RpcValue? Convert(XmlNode node) => node.Tag switch
    {
        "int" or "i4" => new RpcInt(Integer(node.Text)),
        "boolean" => new RpcBool(node.Text == "1"),
        "string" => new RpcString(node.Text ?? ""),
        "double" => new RpcDouble(Double(node.Text)),
        "dateTime.iso8601" => new RpcDateTime(DateTime(node.Text)),
        "base64" => new RpcString(Base64(node.Text ?? "")),
        "array" or "param" => First(node).Content,
        "data" => new RpcArray([.. node.Children.Select(c => c.Content)]),
        "struct" => new RpcStruct([.. node.Children.Select(Member)]),
        "value" => node.Children.Count > 0 ? node.Children[0].Content : new RpcString(node.Text ?? ""),
        _ => null,
    };

    private static XmlNode First(XmlNode node) =>
        node.Children.Count > 0 ? node.Children[0] : throw new XmlRpcFormatException($"empty {node.Tag}");

    private static KeyValuePair<string, RpcValue> Member(XmlNode member)
    {
        if (member.Children.Count != 2)
        {
            throw new XmlRpcFormatException("a struct member is a name and a value");
        }

        var name = member.Children[0];
        return new(name.Text ?? (name.Value is RpcString s ? s.Value : ""), member.Children[1].Content);
    }

    private static long Integer(string? text)
    {
        var digits = (text ?? "").AsSpan().Trim();
        var negative = digits.StartsWith("-");
        if (negative || digits.StartsWith("+"))
        {
            digits = digits[1..];
        }

        if (digits.IsEmpty)
        {
            throw new XmlRpcFormatException("bad int");
        }

        // Beyond 64 bits no parameter has a meaning; the nearest that fits behaves the same.
        Int128 number = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit(digit))
            {
                throw new XmlRpcFormatException("bad int");
            }

            number = Int128.Min(number * 10 + (digit - '0'), (Int128)long.MaxValue + 1);
        }

        return (long)Int128.Max(long.MinValue, Int128.Min(long.MaxValue, negative ? -number : number));
    }

    private static double Double(string? text) => text?.Trim().ToLowerInvariant() switch
    {
        "inf" or "+inf" or "infinity" or "+infinity" => double.PositiveInfinity,
        "-inf" or "-infinity" => double.NegativeInfinity,
        _ => Finite(text),
    };

    private static double Finite(string? text) =>
        double.TryParse(text?.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new XmlRpcFormatException("bad double");

    private static string DateTime(string? text) =>
        System.DateTime.TryParseExact(text, "yyyyMMdd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            ? text!
            : throw new XmlRpcFormatException("bad dateTime");

    private static string Base64(string text)
    {
        // Python skips what is not in the alphabet.
        var clean = string.Concat(text.Where(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '='));
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(System.Convert.FromBase64String(clean));
        }
        catch (Exception e) when (e is FormatException or DecoderFallbackException)
        {
            throw new XmlRpcFormatException("bad base64");
        }
    }
}
