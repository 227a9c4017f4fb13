using System.Text;

namespace Supervisor.Server.Http;

/// <summary>
/// Whether everybody who reads a head agrees on where its body ends. Proxies differ in what they make of a Content-Length with odd blanks, of a
/// second one, of a folded one or of a header behind a bare line feed: one that sees a body where we see none would let the body be served as
/// somebody else's request. What is answered does not depend on this; the connection ends after the answer.
/// </summary>
/// <param name="IsPlain">There is no Transfer-Encoding, and at most one Content-Length, written <c>Content-Length: DIGITS</c>.</param>
/// <param name="Conflicts">There are two lengths of different values.</param>
/// <param name="Expects">There is an Expect: the client may or may not send the body that it announces.</param>
internal readonly record struct RequestFraming(bool IsPlain, bool Conflicts, bool Expects)
{
    private static ReadOnlySpan<byte> LengthPrefix => "Content-Length: "u8;

    /// <param name="head">As received, from the request line on.</param>
    public static RequestFraming Of(ReadOnlySpan<byte> head)
    {
        var (plain, conflicts, expects) = (true, false, false);
        ReadOnlySpan<byte> length = default;
        var folds = false;
        for (var isRequestLine = true; ; isRequestLine = false)
        {
            var end = head.IndexOf("\r\n"u8);
            var line = end < 0 ? head : head[..end];
            // A line end for some readers, and the end of the text for others.
            plain &= !line.ContainsAny((byte)'\r', (byte)'\n', (byte)0);
            if (!isRequestLine)
            {
                var isLength = IsNamed(line, "contentlength"u8);
                var matters = isLength || IsNamed(line, "transferencoding"u8);
                var isFold = line is [(byte)' ' or (byte)'\t', ..];
                // The value of the line before, or a line of its own.
                plain &= !(isFold && (folds || matters));
                folds = matters || (isFold && folds);
                expects |= IsNamed(line, "expect"u8);
                if (isLength)
                {
                    plain &= length.IsEmpty && IsPlainLength(line);
                    conflicts |= !length.IsEmpty && !Value(line).SequenceEqual(length);
                    length = Value(line);
                }
                else
                {
                    plain &= !matters;
                }
            }

            if (end < 0)
            {
                return new(plain, conflicts, expects);
            }

            head = head[(end + 2)..];
        }
    }

    private static bool IsPlainLength(ReadOnlySpan<byte> line) => line.Length > LengthPrefix.Length
        && Ascii.EqualsIgnoreCase(line[..LengthPrefix.Length], LengthPrefix)
        && !line[LengthPrefix.Length..].ContainsAnyExceptInRange((byte)'0', (byte)'9');

    // Whether some reader may take the line for this header, whatever stands around the name and within it.
    private static bool IsNamed(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name)
    {
        var matched = 0;
        foreach (var b in line)
        {
            if (char.IsAsciiLetterOrDigit((char)b))
            {
                if (matched == name.Length || (b | 0x20) != name[matched])
                {
                    return false;
                }

                matched++;
            }
            else if (matched == name.Length && b is not ((byte)'-' or (byte)'_'))
            {
                return true;
            }
            else if (b == ':')
            {
                return false;
            }
        }

        return matched == name.Length;
    }

    // Never empty, so that one without a value counts as one.
    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> line) => line[line.IndexOf((byte)':') is var colon and >= 0 ? colon.. : ..] is var value
        && value.Length > 1 ? value[1..].Trim(" \t"u8) is { IsEmpty: false } trimmed ? trimmed : value : line;
}
