using System.Buffers;
using System.Text;
using Supervisor.Core.Ports;

namespace Supervisor.Unix;

/// <summary>
/// Texts as the kernel has them: bytes that end with a zero, UTF-8 by custom only. A byte that is no UTF-8 becomes the lone surrogate
/// U+DC80..U+DCFF and comes back as that byte, so that nothing inherited is damaged on its way to a child.
/// </summary>
internal static class OsText
{
    /// <summary>With the closing zero; throws EINVAL for a text with a zero inside, which would silently be cut there.</summary>
    internal static byte[] Encode(string text)
    {
        if (text.Contains('\0'))
        {
            throw new PosixException(Posix.EINVAL, text);
        }

        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length) + 1];
        var length = 0;
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var used) == OperationStatus.Done)
            {
                length += rune.EncodeToUtf8(bytes.AsSpan(length));
            }
            else if (rest[0] is >= '\uDC80' and <= '\uDCFF')
            {
                bytes[length++] = (byte)(rest[0] - 0xDC00);
            }
            else
            {
                length += Rune.ReplacementChar.EncodeToUtf8(bytes.AsSpan(length));
            }

            rest = rest[used..];
        }

        return bytes[..(length + 1)];
    }

    internal static string Decode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        Span<char> pair = stackalloc char[2];
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var used) == OperationStatus.Done)
            {
                text.Append(pair[..rune.EncodeToUtf16(pair)]);
                bytes = bytes[used..];
            }
            else
            {
                text.Append((char)(0xDC00 + bytes[0]));
                bytes = bytes[1..];
            }
        }

        return text.ToString();
    }

    internal static unsafe string Decode(byte* zeroTerminated) =>
        zeroTerminated is null ? "" : Decode(System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(zeroTerminated));
}
