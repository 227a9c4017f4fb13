using System.Buffers;
using System.Globalization;

namespace Supervisor.Rpc.Wire;

/// <summary>Writes documents byte for byte as CPython's <c>xmlrpc.client.dumps</c> does (RPC-008, RPC-009).</summary>
public static class XmlRpcWriter
{
    // Bytes; too little costs a copy, nothing else. A process takes about a thousand.
    private const int ExpectedFrame = 512;
    private const int ExpectedItem = 1280;
    private const int ExpectedItems = 1000;

    private static ReadOnlySpan<byte> Declaration => "<?xml version='1.0'?>\n"u8;

    public static void WriteCall(IBufferWriter<byte> target, string method, IReadOnlyList<RpcValue> arguments)
    {
        var output = new XmlOutput(ExpectedFrame);
        output.Raw(Declaration);
        output.Raw("<methodCall>\n<methodName>"u8);
        output.Text(method);
        output.Raw("</methodName>\n<params>\n"u8);
        foreach (var argument in arguments)
        {
            output.Raw("<param>\n"u8);
            WriteValue(output, argument);
            output.Raw("</param>\n"u8);
        }

        output.Raw("</params>\n</methodCall>\n"u8);
        target.Write(output.Written.Span);
    }

    public static void WriteResponse(IBufferWriter<byte> output, RpcValue value) => output.Write(Response(value).Written.Span);

    public static void WriteFault(IBufferWriter<byte> output, int code, string text) => output.Write(Fault(code, text).Written.Span);

    /// <summary>The document of an answer.</summary>
    /// <exception cref="Contract.AnswerTooLongException">The lease has no room for it.</exception>
    internal static XmlOutput Response(RpcValue value, Contract.AnswerLease? lease = null)
    {
        var expected = ExpectedFrame + value switch
        {
            RpcArray a => Math.Min(a.Items.Count, ExpectedItems) * ExpectedItem,
            RpcString s => s.Value.Length,
            _ => 0,
        };
        var output = new XmlOutput(expected, lease);
        try
        {
            output.Raw(Declaration);
            output.Raw("<methodResponse>\n<params>\n<param>\n"u8);
            WriteValue(output, value);
            output.Raw("</param>\n</params>\n</methodResponse>\n"u8);
            return output;
        }
        catch
        {
            output.Release?.Invoke();
            throw;
        }
    }

    /// <summary>The document of a refusal.</summary>
    internal static XmlOutput Fault(int code, string text)
    {
        var output = new XmlOutput(ExpectedFrame);
        output.Raw(Declaration);
        output.Raw("<methodResponse>\n<fault>\n"u8);
        WriteValue(output, new RpcStruct([new("faultCode", code), new("faultString", text)]));
        output.Raw("</fault>\n</methodResponse>\n"u8);
        return output;
    }

    private static void WriteValue(XmlOutput output, RpcValue value)
    {
        switch (value)
        {
            case RpcString s:
                output.Raw("<value><string>"u8);
                output.Text(s.Value);
                output.Raw("</string></value>\n"u8);
                break;
            case RpcInt i:
                // The type has 32 bits on the wire; larger numbers saturate (QRK-034).
                output.Raw("<value><int>"u8);
                output.Integer(Math.Clamp(i.Value, int.MinValue, int.MaxValue));
                output.Raw("</int></value>\n"u8);
                break;
            case RpcBool b:
                output.Raw(b.Value ? "<value><boolean>1</boolean></value>\n"u8 : "<value><boolean>0</boolean></value>\n"u8);
                break;
            case RpcDouble d:
                output.Ascii($"<value><double>{Python(d.Value)}</double></value>\n");
                break;
            case RpcDateTime t:
                output.Ascii($"<value><dateTime.iso8601>{t.Value}</dateTime.iso8601></value>\n");
                break;
            case RpcArray a:
                output.Raw("<value><array><data>\n"u8);
                foreach (var item in a.Items)
                {
                    WriteValue(output, item);
                }

                output.Raw("</data></array></value>\n"u8);
                break;
            case RpcStruct s:
                output.Raw("<value><struct>\n"u8);
                foreach (var (name, member) in s.Members)
                {
                    output.Raw("<member>\n<name>"u8);
                    output.Text(name);
                    output.Raw("</name>\n"u8);
                    WriteValue(output, member);
                    output.Raw("</member>\n"u8);
                }

                output.Raw("</struct></value>\n"u8);
                break;
            default:
                throw new InvalidOperationException("cannot marshal None unless allow_none is enabled");
        }
    }

    private static string Python(double number) =>
        double.IsInteger(number) && Math.Abs(number) < 1e16
            ? number.ToString("0.0", CultureInfo.InvariantCulture)
            : number.ToString("R", CultureInfo.InvariantCulture);
}
