using System.Text;

namespace Supervisor.Server.Tail;

/// <summary>Text out of bytes that come in pieces: a character cut by the edge of one waits for the next.</summary>
internal sealed class Utf8Pieces
{
    private const int LongestCharacter = 4;

    private byte[] _waiting = [];

    /// <summary>How many bytes wait.</summary>
    public int Waiting => _waiting.Length;

    /// <summary>The text so far complete; what is not UTF-8 is replaced.</summary>
    public string Take(ReadOnlySpan<byte> piece)
    {
        byte[] all = [.. _waiting, .. piece];
        var keep = Incomplete(all);
        _waiting = all[(all.Length - keep)..];
        return Encoding.UTF8.GetString(all, 0, all.Length - keep);
    }

    // Length of the character that has only begun.
    private static int Incomplete(ReadOnlySpan<byte> text)
    {
        for (var back = 1; back < LongestCharacter && back <= text.Length; back++)
        {
            var value = text[^back];
            if ((value & 0xC0) == 0x80)
            {
                continue;
            }

            var length = value switch
            {
                >= 0xF0 and < 0xF8 => 4,
                >= 0xE0 and < 0xF0 => 3,
                >= 0xC0 and < 0xE0 => 2,
                _ => 1,
            };
            return length > back ? back : 0;
        }

        return 0;
    }
}
