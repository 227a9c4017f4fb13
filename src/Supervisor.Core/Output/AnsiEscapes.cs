namespace Supervisor.Core.Output;

/// <summary>
/// <c>strip_ansi</c>: removes from <c>ESC [</c> to the next byte of a fixed list, chunk by chunk and with that list's gaps, as existing
/// logs show it (LOG-040..042).
/// </summary>
internal static class AnsiEscapes
{
    private static ReadOnlySpan<byte> Begin => "\x1b["u8;

    private static ReadOnlySpan<byte> Terminators => "HfABCDRsuJKhlpm"u8;

    /// <summary>Writes what is left to <paramref name="target"/>, at least as long as <paramref name="chunk"/>; returns how much that is.</summary>
    public static int Strip(ReadOnlySpan<byte> chunk, Span<byte> target)
    {
        var length = 0;
        while (!chunk.IsEmpty)
        {
            var escape = chunk.IndexOf(Begin);
            var plain = escape < 0 ? chunk : chunk[..escape];
            plain.CopyTo(target[length..]);
            length += plain.Length;
            if (escape < 0)
            {
                break;
            }

            chunk = chunk[(escape + 1)..];
            var end = chunk.IndexOfAny(Terminators);
            chunk = end < 0 ? [] : chunk[(end + 1)..];
        }

        return length;
    }
}
