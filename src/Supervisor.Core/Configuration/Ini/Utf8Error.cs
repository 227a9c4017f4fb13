using System.Globalization;
using System.Text;

namespace Supervisor.Core.Configuration.Ini;

/// <summary>The text that CPython's UTF-8 decoder gives for the first byte it cannot take (CFG-006).</summary>
internal static class Utf8Error
{
    public static string Describe(ReadOnlySpan<byte> content)
    {
        var position = 0;
        while (position < content.Length && Rune.DecodeFromUtf8(content[position..], out _, out var consumed) == System.Buffers.OperationStatus.Done)
        {
            position += consumed;
        }

        var first = content[position];
        var reason = first is (>= 0x80 and <= 0xc1) or >= 0xf5
            ? "invalid start byte"
            : position + 1 >= content.Length ? "unexpected end of data" : "invalid continuation byte";
        return string.Create(CultureInfo.InvariantCulture, $"'utf-8' codec can't decode byte 0x{first:x2} in position {position}: {reason}");
    }
}
