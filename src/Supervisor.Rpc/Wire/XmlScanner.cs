using System.Globalization;
using System.Text;

namespace Supervisor.Rpc.Wire;

/// <summary>What <see cref="XmlScanner"/> meets.</summary>
internal enum XmlToken
{
    Open,
    /// <summary><c>&lt;tag/&gt;</c></summary>
    Empty,
    Close,
    Text,
    End,
}

/// <summary>
/// A scanner for the XML that XML-RPC uses. The input is UTF-8 whatever it declares (RPC-003). Names, attributes, comments, processing
/// instructions, CDATA and character references are understood; document types are refused, so no entity can expand and nothing is fetched.
/// </summary>
/// <remarks>
/// document := ["&lt;?xml" ... "?&gt;"] misc* element misc*;  only well-formed documents get through, as with expat.
/// </remarks>
internal sealed class XmlScanner
{
    private readonly string _text;
    private readonly HashSet<string> _prefixes = ["xml"];
    private int _next;

    /// <exception cref="XmlRpcFormatException">Not UTF-8.</exception>
    public XmlScanner(ReadOnlySpan<byte> document)
    {
        try
        {
            _text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(document);
        }
        catch (DecoderFallbackException)
        {
            throw new XmlRpcFormatException("not UTF-8");
        }

        if (_text.StartsWith('\ufeff'))
        {
            _next = 1;
        }
    }

    /// <summary>Tag of the last <see cref="XmlToken.Open"/>, <see cref="XmlToken.Empty"/> or <see cref="XmlToken.Close"/>.</summary>
    public string Tag { get; private set; } = "";

    /// <summary>In characters, for error texts.</summary>
    public int Position => _next;

    /// <summary>Content of the last <see cref="XmlToken.Text"/>, references resolved.</summary>
    public string Text { get; private set; } = "";

    public XmlToken Read()
    {
        while (_next < _text.Length)
        {
            if (_text[_next] != '<')
            {
                return ReadText();
            }

            if (Skip("<!--"))
            {
                SkipTo("-->", forbidden: "--");
            }
            else if (Skip("<![CDATA["))
            {
                var start = _next;
                SkipTo("]]>", forbidden: null);
                Text = CheckCharacters(Normalize(_text[start..(_next - 3)]));
                return XmlToken.Text;
            }
            else if (Skip("<?"))
            {
                ReadInstruction();
            }
            else if (Skip("<!"))
            {
                throw Malformed("document types are refused");
            }
            else
            {
                return ReadTag();
            }
        }

        return XmlToken.End;
    }

    public static XmlRpcFormatException Malformed(string what) => new("not well-formed: " + what);

    private XmlToken ReadText()
    {
        var end = _text.IndexOf('<', _next);
        var raw = end < 0 ? _text[_next..] : _text[_next..end];
        _next = end < 0 ? _text.Length : end;
        if (raw.Contains("]]>", StringComparison.Ordinal))
        {
            throw Malformed("]]> in text");
        }

        Text = Resolve(CheckCharacters(Normalize(raw)));
        return XmlToken.Text;
    }

    private XmlToken ReadTag()
    {
        _next++;
        if (Skip("/"))
        {
            Tag = ReadName();
            SkipBlanks();
            Expect('>');
            return XmlToken.Close;
        }

        var tag = ReadName();
        ReadAttributes();
        var empty = Skip("/");
        Expect('>');
        CheckPrefix(tag);
        Tag = tag;
        return empty ? XmlToken.Empty : XmlToken.Open;
    }

    private void ReadAttributes()
    {
        HashSet<string>? seen = null;
        while (true)
        {
            var before = _next;
            SkipBlanks();
            if (_next >= _text.Length)
            {
                throw Malformed("unclosed tag");
            }

            if (_text[_next] is '>' or '/')
            {
                return;
            }

            if (_next == before)
            {
                throw Malformed("attribute without a blank before it");
            }

            var name = ReadName();
            if (!(seen ??= new HashSet<string>(StringComparer.Ordinal)).Add(name))
            {
                throw Malformed("duplicate attribute");
            }

            SkipBlanks();
            Expect('=');
            SkipBlanks();
            ReadAttributeValue();
            if (name.StartsWith("xmlns:", StringComparison.Ordinal))
            {
                _prefixes.Add(name["xmlns:".Length..]);
            }
        }
    }

    private void ReadAttributeValue()
    {
        var quote = _next < _text.Length ? _text[_next] : '\0';
        if (quote is not ('"' or '\''))
        {
            throw Malformed("unquoted attribute");
        }

        var end = _text.IndexOf(quote, _next + 1);
        if (end < 0 || _text.AsSpan(_next, end - _next).Contains('<'))
        {
            throw Malformed("attribute value");
        }

        _ = Resolve(CheckCharacters(_text[(_next + 1)..end]));
        _next = end + 1;
    }

    private void ReadInstruction()
    {
        var start = _next - 2;
        var target = ReadName();
        if (target.Equals("xml", StringComparison.OrdinalIgnoreCase) && (start > 1 || (start == 1 && _text[0] != '\ufeff') || target != "xml"))
        {
            throw Malformed("XML declaration not at the start");
        }

        SkipTo("?>", forbidden: null);
    }

    private string ReadName()
    {
        var start = _next;
        while (_next < _text.Length && (char.IsLetterOrDigit(_text[_next]) || _text[_next] is '_' or ':' or '-' or '.'))
        {
            _next++;
        }

        var name = _text.AsSpan(start, _next - start);
        if (name.Length == 0 || !(char.IsLetter(name[0]) || name[0] is '_' or ':'))
        {
            throw Malformed("name expected");
        }

        return Known(name) ?? name.ToString();
    }

    // The same text again and again: no new string for each.
    private static string? Known(ReadOnlySpan<char> name) => name switch
    {
        "value" => "value",
        "string" => "string",
        "int" => "int",
        "i4" => "i4",
        "boolean" => "boolean",
        "member" => "member",
        "name" => "name",
        "struct" => "struct",
        "array" => "array",
        "data" => "data",
        "param" => "param",
        "params" => "params",
        "methodCall" => "methodCall",
        "methodName" => "methodName",
        _ => null,
    };

    private void CheckPrefix(string name)
    {
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0 && !_prefixes.Contains(name[..colon]))
        {
            throw Malformed("unbound prefix");
        }
    }

    private bool Skip(string what)
    {
        if (string.CompareOrdinal(_text, _next, what, 0, what.Length) != 0)
        {
            return false;
        }

        _next += what.Length;
        return true;
    }

    private void SkipTo(string end, string? forbidden)
    {
        var at = _text.IndexOf(end, _next, StringComparison.Ordinal);
        if (at < 0)
        {
            throw Malformed($"no {end}");
        }

        // "--->" has the forbidden "--" too, half of it in the end.
        if (forbidden is not null && _text.AsSpan(_next, at - _next + 1).Contains(forbidden, StringComparison.Ordinal))
        {
            throw Malformed("comment");
        }

        _next = at + end.Length;
    }

    private void SkipBlanks()
    {
        while (_next < _text.Length && _text[_next] is ' ' or '\t' or '\n' or '\r')
        {
            _next++;
        }
    }

    private void Expect(char c)
    {
        if (_next >= _text.Length || _text[_next] != c)
        {
            throw Malformed($"{c} expected");
        }

        _next++;
    }

    private static string Normalize(string text) => text.Contains('\r')
        ? text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n')
        : text;

    private static string CheckCharacters(string text)
    {
        foreach (var c in text)
        {
            if (!IsLegal(c))
            {
                throw Malformed("illegal character");
            }
        }

        return text;
    }

    // A surrogate is half of a pair here: the text was decoded from UTF-8.
    private static bool IsLegal(int c) => c is '\t' or '\n' or '\r' or (>= 0x20 and not 0xfffe and not 0xffff);

    private static string Resolve(string text)
    {
        var at = text.IndexOf('&', StringComparison.Ordinal);
        if (at < 0)
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        var start = 0;
        while (at >= 0)
        {
            var end = text.IndexOf(';', at);
            if (end < 0)
            {
                throw Malformed("reference");
            }

            result.Append(text, start, at - start);
            AppendReference(result, text.AsSpan(at + 1, end - at - 1));
            start = end + 1;
            at = text.IndexOf('&', start);
        }

        return result.Append(text, start, text.Length - start).ToString();
    }

    private static void AppendReference(StringBuilder result, ReadOnlySpan<char> name)
    {
        switch (name)
        {
            case "lt":
                result.Append('<');
                return;
            case "gt":
                result.Append('>');
                return;
            case "amp":
                result.Append('&');
                return;
            case "quot":
                result.Append('"');
                return;
            case "apos":
                result.Append('\'');
                return;
        }

        int code;
        var number = name.StartsWith("#x")
            ? int.TryParse(name[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code)
            : int.TryParse(name.StartsWith("#") ? name[1..] : "", NumberStyles.None, CultureInfo.InvariantCulture, out code);
        if (!number || !Rune.IsValid(code) || !IsLegal(code))
        {
            throw Malformed("reference");
        }

        result.Append(new Rune(code).ToString());
    }
}
