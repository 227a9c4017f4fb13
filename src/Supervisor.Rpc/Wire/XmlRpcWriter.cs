using System.Buffers;
using System.Globalization;
using System.Text;

namespace Supervisor.Rpc.Wire;

/// <summary>Writes documents byte for byte as CPython's <c>xmlrpc.client.dumps</c> does (RPC-008, RPC-009).</summary>
public static class XmlRpcWriter
{
    private static ReadOnlySpan<byte> Declaration => "<?xml version='1.0'?>\n"u8;

    public static void WriteCall(IBufferWriter<byte> output, string method, IReadOnlyList<RpcValue> arguments)
    {
        output.Write(Declaration);
        output.Write("<methodCall>\n<methodName>"u8);
        WriteText(output, method);
        output.Write("</methodName>\n<params>\n"u8);
        foreach (var argument in arguments)
        {
            output.Write("<param>\n"u8);
            WriteValue(output, argument);
            output.Write("</param>\n"u8);
        }

        output.Write("</params>\n</methodCall>\n"u8);
    }

    public static void WriteResponse(IBufferWriter<byte> output, RpcValue value)
    {
        output.Write(Declaration);
        output.Write("<methodResponse>\n<params>\n<param>\n"u8);
        WriteValue(output, value);
        output.Write("</param>\n</params>\n</methodResponse>\n"u8);
    }

    public static void WriteFault(IBufferWriter<byte> output, int code, string text)
    {
        output.Write(Declaration);
        output.Write("<methodResponse>\n<fault>\n"u8);
        WriteValue(output, new RpcStruct([new("faultCode", code), new("faultString", text)]));
        output.Write("</fault>\n</methodResponse>\n"u8);
    }

    private static void WriteValue(IBufferWriter<byte> output, RpcValue value)
    {
        switch (value)
        {
            case RpcString s:
                output.Write("<value><string>"u8);
                WriteText(output, s.Value);
                output.Write("</string></value>\n"u8);
                break;
            case RpcInt i:
                // The type has 32 bits on the wire; larger numbers saturate (QRK-034).
                WriteAscii(output, string.Create(
                    CultureInfo.InvariantCulture, $"<value><int>{Math.Clamp(i.Value, int.MinValue, int.MaxValue)}</int></value>\n"));
                break;
            case RpcBool b:
                output.Write(b.Value ? "<value><boolean>1</boolean></value>\n"u8 : "<value><boolean>0</boolean></value>\n"u8);
                break;
            case RpcDouble d:
                WriteAscii(output, $"<value><double>{Python(d.Value)}</double></value>\n");
                break;
            case RpcDateTime t:
                WriteAscii(output, $"<value><dateTime.iso8601>{t.Value}</dateTime.iso8601></value>\n");
                break;
            case RpcArray a:
                output.Write("<value><array><data>\n"u8);
                foreach (var item in a.Items)
                {
                    WriteValue(output, item);
                }

                output.Write("</data></array></value>\n"u8);
                break;
            case RpcStruct s:
                output.Write("<value><struct>\n"u8);
                foreach (var (name, member) in s.Members)
                {
                    output.Write("<member>\n<name>"u8);
                    WriteText(output, name);
                    output.Write("</name>\n"u8);
                    WriteValue(output, member);
                    output.Write("</member>\n"u8);
                }

                output.Write("</struct></value>\n"u8);
                break;
            default:
                throw new InvalidOperationException("cannot marshal None unless allow_none is enabled");
        }
    }

    private static string Python(double number) =>
        double.IsInteger(number) && Math.Abs(number) < 1e16
            ? number.ToString("0.0", CultureInfo.InvariantCulture)
            : number.ToString("R", CultureInfo.InvariantCulture);

    private static void WriteAscii(IBufferWriter<byte> output, string text) => Encoding.ASCII.GetBytes(text, output);

    // Only & < > are escaped. What XML cannot carry at all (log files are full of it) becomes U+FFFD, where upstream would send a
    // document that no strict client can read (QRK-022).
    private static void WriteText(IBufferWriter<byte> output, string text)
    {
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var special = IndexOfSpecial(rest);
            if (special < 0)
            {
                Encoding.UTF8.GetBytes(rest, output);
                return;
            }

            Encoding.UTF8.GetBytes(rest[..special], output);
            output.Write(rest[special] switch
            {
                '&' => "&amp;"u8,
                '<' => "&lt;"u8,
                '>' => "&gt;"u8,
                _ => "\ufffd"u8,
            });
            rest = rest[(special + 1)..];
        }
    }

    private static int IndexOfSpecial(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '&' or '<' or '>' || (c < 0x20 && c is not ('\t' or '\n' or '\r')) || c is '\ufffe' or '\uffff')
            {
                return i;
            }
        }

        return -1;
    }
}
