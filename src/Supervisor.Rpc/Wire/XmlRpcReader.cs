using Supervisor.Rpc.Contract;

namespace Supervisor.Rpc.Wire;

/// <summary>Reads calls and responses with Python Supervisor's leniencies (RPC-005, RPC-007).</summary>
public static class XmlRpcReader
{
    // Deeper documents only serve to exhaust something.
    private const int MaximumDepth = 512;

    // A call of a thousand parts has some ten thousand. Each value costs memory, and time of the garbage collector, which stops all.
    private const int MaximumElements = 200_000;

    /// <summary>The method name (null when there is none) and its arguments.</summary>
    /// <exception cref="XmlRpcFormatException">Not well-formed, or a typed value that does not fit.</exception>
    public static (string? Method, IReadOnlyList<RpcValue> Arguments) ReadCall(ReadOnlySpan<byte> document)
    {
        string? method = null;
        IReadOnlyList<RpcValue> arguments = [];
        Parse(document, element =>
        {
            if (element.Tag == "methodName")
            {
                method = element.Text;
            }
            else if (element.Tag == "params")
            {
                arguments = element.Contents;
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
        Parse(document, element =>
        {
            if (element.Tag == "params")
            {
                answer = element.FirstContent;
            }
            else if (element.Tag == "fault")
            {
                fault = element.FirstContent;
            }
        });
        if (fault is RpcStruct details)
        {
            throw new RpcFaultException(
                details["faultCode"] is RpcInt code ? (int)code.Value : 0, details["faultString"] is RpcString text ? text.Value : "");
        }

        return answer ?? throw new XmlRpcFormatException("no value in the response");
    }

    private static void Parse(ReadOnlySpan<byte> document, Action<XmlElement> ended)
    {
        var scanner = new XmlScanner(document);
        try
        {
            Parse(scanner, ended);
        }
        catch (XmlRpcFormatException e) when (e.Position is null)
        {
            throw new XmlRpcFormatException(e.Message, scanner.Position);
        }
    }

    private static void Parse(XmlScanner scanner, Action<XmlElement> ended)
    {
        var levels = new List<XmlElement>();
        var depth = 0;
        var rootSeen = false;
        var elements = 0;
        for (var token = scanner.Read(); token != XmlToken.End; token = scanner.Read())
        {
            if (token == XmlToken.Text)
            {
                if (depth > 0)
                {
                    levels[depth - 1].AddText(scanner.Text);
                }
                else if (scanner.Text.AsSpan().Trim(" \t\r\n").Length > 0)
                {
                    throw XmlScanner.Malformed("text outside the document element");
                }

                continue;
            }

            if (token == XmlToken.Close)
            {
                if (depth == 0 || levels[depth - 1].Tag != scanner.Tag)
                {
                    throw XmlScanner.Malformed("mismatched tag");
                }
            }
            else
            {
                if (depth == 0 && rootSeen)
                {
                    throw XmlScanner.Malformed("junk after document element");
                }

                if (depth >= MaximumDepth)
                {
                    throw XmlScanner.Malformed("too deep");
                }

                if (++elements > MaximumElements)
                {
                    throw XmlScanner.Malformed("too many elements");
                }

                rootSeen = true;
                if (depth == levels.Count)
                {
                    levels.Add(new XmlElement());
                }

                levels[depth++].Begin(scanner.Tag);
            }

            if (token != XmlToken.Open)
            {
                var element = levels[--depth];
                var part = element.End();
                ended(element);
                if (depth > 0)
                {
                    levels[depth - 1].Add(element, part);
                }
            }
        }

        if (!rootSeen || depth > 0)
        {
            throw XmlScanner.Malformed("no element found");
        }
    }
}
