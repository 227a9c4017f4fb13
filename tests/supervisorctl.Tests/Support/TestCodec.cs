using System.Buffers;
using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Supervisor.Rpc.Client;
using Supervisor.Rpc.Contract;
using Supervisor.Rpc.Wire;

namespace Supervisor.Ctl.Tests.Support;

/// <summary>The few types that these tests exchange, over the general XML library.</summary>
internal static class TestCodec
{
    public static RpcCodec Codec { get; } = new(Encode, Decode);

    private static void Encode(IBufferWriter<byte> output, string method, IReadOnlyList<RpcValue> arguments)
    {
        var document = new XElement("methodCall", new XElement("methodName", method), new XElement("params", arguments.Select(a =>
            new XElement("param", new XElement("value", a switch
            {
                RpcInt i => new XElement("int", i.Value),
                RpcString s => new XElement("string", s.Value),
                RpcBool b => new XElement("boolean", b.Value ? 1 : 0),
                _ => throw new NotSupportedException(a.GetType().Name),
            })))));
        output.Write(Encoding.UTF8.GetBytes(document.ToString(SaveOptions.DisableFormatting)));
    }

    private static RpcValue Decode(ReadOnlySpan<byte> document)
    {
        var root = XDocument.Parse(Encoding.UTF8.GetString(document), LoadOptions.PreserveWhitespace).Root!;
        if (root.Element("fault") is { } fault)
        {
            var members = (RpcStruct)Value(fault.Element("value")!);
            throw new RpcFaultException((int)((RpcInt)members["faultCode"]!).Value, ((RpcString)members["faultString"]!).Value);
        }

        return Value(root.Element("params")!.Element("param")!.Element("value")!);
    }

    private static RpcValue Value(XElement value)
    {
        var typed = value.Elements().Single();
        return typed.Name.LocalName switch
        {
            "string" => new RpcString(typed.Value),
            "int" => new RpcInt(long.Parse(typed.Value, CultureInfo.InvariantCulture)),
            "boolean" => new RpcBool(typed.Value == "1"),
            "array" => new RpcArray([.. typed.Element("data")!.Elements("value").Select(Value)]),
            "struct" => new RpcStruct([.. typed.Elements("member")
                .Select(m => KeyValuePair.Create(m.Element("name")!.Value, Value(m.Element("value")!)))]),
            _ => throw new NotSupportedException(typed.Name.LocalName),
        };
    }
}
