using System.Buffers;
using System.Text;
using CsCheck;
using Supervisor.Rpc.Contract;
using Supervisor.Rpc.Wire;

namespace Supervisor.Rpc.Tests.Wire;

public class XmlRpcTests
{
    private static (string? Method, IReadOnlyList<RpcValue> Arguments) Call(string parameters) => XmlRpcReader.ReadCall(Encoding.UTF8.GetBytes(
        $"<?xml version='1.0'?><methodCall><methodName>m.n</methodName><params>{parameters}</params></methodCall>"));

    private static RpcValue Value(string xml) => Assert.Single(Call($"<param><value>{xml}</value></param>").Arguments);

    private static string Response(RpcValue value)
    {
        var output = new ArrayBufferWriter<byte>();
        XmlRpcWriter.WriteResponse(output, value);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    [Fact]
    public void Response_EveryType_ByteForByteAsPython_RPC008_RPC009()
    {
        var value = new RpcStruct([new("s", "a<&>\"é"), new("i", -5), new("b", true), new("d", new RpcDouble(1.5)), new("a", new RpcArray(["x"]))]);
        Assert.Equal(
            "<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n<value><struct>\n" +
            "<member>\n<name>s</name>\n<value><string>a&lt;&amp;&gt;\"é</string></value>\n</member>\n" +
            "<member>\n<name>i</name>\n<value><int>-5</int></value>\n</member>\n" +
            "<member>\n<name>b</name>\n<value><boolean>1</boolean></value>\n</member>\n" +
            "<member>\n<name>d</name>\n<value><double>1.5</double></value>\n</member>\n" +
            "<member>\n<name>a</name>\n<value><array><data>\n<value><string>x</string></value>\n</data></array></value>\n</member>\n" +
            "</struct></value>\n</param>\n</params>\n</methodResponse>\n",
            Response(value));
    }

    [Fact]
    public void Fault_Document_AsPython()
    {
        var output = new ArrayBufferWriter<byte>();
        XmlRpcWriter.WriteFault(output, 10, "BAD_NAME: x");
        var text = Encoding.UTF8.GetString(output.WrittenSpan);
        Assert.StartsWith("<?xml version='1.0'?>\n<methodResponse>\n<fault>\n<value><struct>\n<member>\n<name>faultCode</name>", text, StringComparison.Ordinal);
        var fault = Assert.Throws<RpcFaultException>(() => XmlRpcReader.ReadResponse(output.WrittenSpan));
        Assert.Equal((10, "BAD_NAME: x"), (fault.Code, fault.Text));
    }

    [Fact]
    public void Response_IllegalCharacters_AreReplaced_QRK022() =>
        Assert.Contains("<string>a\ufffd\ufffdb\tc</string>", Response("a\u001b\0b\tc"), StringComparison.Ordinal);

    [Fact]
    public void Response_HugeNumber_Saturates_QRK034() => Assert.Contains("<int>2147483647</int>", Response(new RpcInt(5_000_000_000)), StringComparison.Ordinal);

    [Theory]
    [InlineData("<int> 7 </int>", 7L)]
    [InlineData("<i4>-7</i4>", -7L)]
    [InlineData("  <int>7</int>  ", 7L)]
    [InlineData("<int>1_0</int>", 10L)]
    [InlineData("<int>\u0663</int>", 3L)]
    public void Int_Forms_ReadAsPythonDoes_RPC005_RPC007(string xml, long number) => Assert.Equal(new RpcInt(number), Value(xml));

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData(" kept ", " kept ")]
    [InlineData("<string> kept </string>", " kept ")]
    [InlineData("<string/>", "")]
    [InlineData("<i8>7</i8>", "7")]
    [InlineData("a&lt;&#65;&#x42;&amp;", "a<AB&")]
    [InlineData("<string><![CDATA[<x>&amp;]]></string>", "<x>&amp;")]
    [InlineData("<base64>Y2F0\nw7Y=</base64>", "catö")]
    [InlineData("<base64>Y=2!F0</base64>", "cat")]
    [InlineData("<base64>aGk=aGk=</base64>", "hi")]
    [InlineData("<base64>=</base64>", "")]
    public void String_Forms_ReadAsPythonDoes_RPC005(string xml, string text) => Assert.Equal(new RpcString(text), Value(xml));

    [Theory]
    [InlineData("1", true)]
    [InlineData("0", false)]
    [InlineData("true", false)]
    public void Boolean_OnlyOne_IsTrue_TRAP38(string text, bool value) => Assert.Equal(new RpcBool(value), Value($"<boolean>{text}</boolean>"));

    [Theory]
    [InlineData("1_0.5", 10.5)]
    [InlineData(" .5 ", 0.5)]
    [InlineData("-INFINITY", double.NegativeInfinity)]
    public void Double_Forms_ReadAsPythonDoes_RPC005(string text, double number) => Assert.Equal(new RpcDouble(number), Value($"<double>{text}</double>"));

    [Fact]
    public void DateTime_OneDigit_IsFilledUp() => Assert.Equal(new RpcDateTime("20260101T01:02:03"), Value("<dateTime.iso8601>20260101T1:2:3</dateTime.iso8601>"));

    [Fact]
    public void Nil_Input_IsNone() => Assert.IsType<RpcNil>(Value("<nil/>"));

    [Fact]
    public void Call_WithoutParams_IsFine_RPC004()
    {
        var (method, arguments) = XmlRpcReader.ReadCall("<methodCall><methodName>a.b</methodName></methodCall>"u8);
        Assert.Equal("a.b", method);
        Assert.Empty(arguments);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("<a>")]
    [InlineData("<a></b>")]
    [InlineData("<a/><b/>")]
    [InlineData("<a>&nope;</a>")]
    [InlineData("<a>&#0;</a>")]
    [InlineData("<a b=c/>")]
    [InlineData("<a b='1' b='2'/>")]
    [InlineData("<a>]]></a>")]
    [InlineData("<x:a/>")]
    [InlineData(" <?xml version='1.0'?><a/>")]
    [InlineData("<!-- -- --><a/>")]
    [InlineData("<methodCall><params><param><value><int>x</int></value></param></params></methodCall>")]
    [InlineData("<methodCall><params><param><value><double>x</double></value></param></params></methodCall>")]
    [InlineData("<methodCall><params><param><value><int>1__0</int></value></param></params></methodCall>")]
    [InlineData("<methodCall><params><param><value><double>1_.5</double></value></param></params></methodCall>")]
    [InlineData("<methodCall><params><param><value><base64>aGk</base64></value></param></params></methodCall>")]
    [InlineData("<methodCall><params><param><value><base64>/w==</base64></value></param></params></methodCall>")]
    [InlineData("<methodCall><params><param/></params></methodCall>")]
    public void Call_Malformed_IsRefused_RPC004(string text) =>
        Assert.Throws<XmlRpcFormatException>(() => XmlRpcReader.ReadCall(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Call_NotUtf8_IsRefused() => Assert.Throws<XmlRpcFormatException>(() => XmlRpcReader.ReadCall([(byte)'<', 0xff]));

    [Fact]
    public void Call_DeepNesting_IsRefusedNotFatal() => Assert.Throws<XmlRpcFormatException>(
        () => XmlRpcReader.ReadCall(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("<a>", 100_000)))));

    [Fact]
    public void AnyText_RoundTrips() => Gen.String.Sample(text =>
    {
        // Lone surrogates cannot be encoded, and XML has no place for most control characters.
        var clean = new string([.. text.Where(c => !char.IsSurrogate(c) && (c >= 0x20 || c is '\t' or '\n') && c is not ('\ufffe' or '\uffff'))]);
        Assert.Equal(new RpcString(clean), XmlRpcReader.ReadResponse(Encoding.UTF8.GetBytes(Response(clean))));
    });

    [Fact]
    public void AnyBytes_NeverBreakTheReader() => Gen.Byte.Array.Sample(bytes =>
    {
        try
        {
            XmlRpcReader.ReadCall(bytes);
        }
        catch (XmlRpcFormatException)
        {
            // The only exception it may throw.
        }
    });

    private static readonly string[] s_pieces =
    [
        "<", ">", "/", "</", "/>", "<a", "<a>", "</a>", "<value>", "</value>", "<int>", "<struct>", "<member>", "<name>", "</name>", "<array><data>", "&", ";", "&amp;", "&#", "&#x41;", "]]>",
        "<![CDATA[", "<!--", "-->", "--", "<?xml", "<?", "?>", "<!DOCTYPE", "[", "]", "'", "\"", "=", " ", "x", ":", "xmlns", "9", "-", "ö", "\0", "<methodName>", "<params>", "<param>", "<base64>", "<double>", "<boolean>",
    ];

    [Fact]
    public void AnyPieces_NeverBreakTheReader() => Gen.Int[0, s_pieces.Length - 1].Select(i => s_pieces[i])
        .List[0, 60].Sample(pieces =>
        {
            try
            {
                XmlRpcReader.ReadCall(Encoding.UTF8.GetBytes(string.Concat(pieces)));
            }
            catch (XmlRpcFormatException)
            {
                // The only exception it may throw.
            }
        });

    [Fact]
    public void Call_Malformed_SaysWhere() => Assert.Equal(
        12, Assert.Throws<XmlRpcFormatException>(() => XmlRpcReader.ReadCall("<a><b></b></"u8)).Position);

    [Fact]
    public void Call_TooManyElements_IsRefused() => Assert.Throws<XmlRpcFormatException>(
        () => XmlRpcReader.ReadCall(Encoding.UTF8.GetBytes("<a>" + string.Concat(Enumerable.Repeat("<b/>", 300_000)) + "</a>")));

    /// <summary>Quadratic work on any of these would take minutes.</summary>
    [Theory]
    [InlineData("<a>", "x<!---->", "</a>")]
    [InlineData("<a>", "x<![CDATA[y]]>", "</a>")]
    [InlineData("<a>", "&#65;", "</a>")]
    [InlineData("<a b='", "&#65;", "'/>")]
    [InlineData("<a>", "&", "</a>")]
    [InlineData("<a>", "\r", "</a>")]
    [InlineData("<", "a", "/>")]
    [InlineData("<!DOCTYPE ", "[", "><a/>")]
    [InlineData("<!DOCTYPE ", "''", "><a/>")]
    [InlineData("<a", " ", "/>")]
    [InlineData("<a>", "<?b?>", "</a>")]
    [InlineData("<!--", "- ", "--><a/>")]
    public void Call_LongRepetitions_AreReadInLinearTime(string before, string part, string after)
    {
        var text = new StringBuilder(before).Insert(before.Length, part, 2_000_000 / part.Length).Append(after).ToString();
        try
        {
            XmlRpcReader.ReadCall(Encoding.UTF8.GetBytes(text));
        }
        catch (XmlRpcFormatException)
        {
            // Refused is fine too.
        }
    }
}
