using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Supervisor.Rpc.Contract;

namespace Supervisor.Rpc.Wire;

/// <summary>
/// A growing document in UTF-8, in one array. A large one, as answers about hundreds of processes are, is borrowed: to allocate it anew each
/// time would make the collector go through everything every few answers.
/// </summary>
internal sealed class XmlOutput
{
    private const int LongestNumber = 20;

    // Arrays of 85,000 bytes and more are the collector's large objects.
    private const int Large = 65536;

    // Beyond it an answer is a rare thing, and its array would lie in the pool for good.
    private const int Huge = 2 * 1024 * 1024;

    // What most texts consist of throughout, and nothing that is escaped.
    private static readonly SearchValues<char> s_plain = SearchValues.Create(
        string.Concat(Enumerable.Range(0x20, 0x5f).Select(c => (char)c).Where(c => c is not ('&' or '<' or '>'))) + "\t\n\r");

    // Texts that are longer are measured before there is made room for them.
    private const int Long = 4 * 1024;

    private readonly AnswerLease? _lease;
    private byte[] _buffer;
    private int _length;

    /// <param name="expectedSize">Bytes.</param>
    /// <param name="lease">Counts the memory while the document grows; null for one that is not counted.</param>
    /// <exception cref="AnswerTooLongException">Here and in all that write: the lease has no room for it.</exception>
    public XmlOutput(int expectedSize, AnswerLease? lease = null)
    {
        _lease = lease;
        lease?.Take(expectedSize);
        _buffer = Take(expectedSize);
    }

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    /// <summary>Gives back what was borrowed; call it once, after which what was written is gone. Null when nothing was.</summary>
    public Action? Release => IsBorrowed ? Return : null;

    /// <summary>Bytes as they are.</summary>
    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        _length += bytes.Length;
    }

    /// <summary>Characters as they are, ASCII.</summary>
    public void Ascii(ReadOnlySpan<char> text) => _length += Encoding.ASCII.GetBytes(text, Room(text.Length));

    public void Integer(long number)
    {
        Utf8Formatter.TryFormat(number, Room(LongestNumber), out var written);
        _length += written;
    }

    // Only & < > are escaped. What XML cannot carry at all (log files are full of it) becomes U+FFFD, where upstream would send a
    // document that no strict client can read (QRK-022).
    public void Text(string text)
    {
        var rest = text.AsSpan();
        while (rest.IndexOfAnyExcept(s_plain) is var at and >= 0)
        {
            var special = IndexOfSpecial(rest, at);
            if (special < 0)
            {
                Utf8(rest);
                return;
            }

            Utf8(rest[..special]);
            Raw(rest[special] switch
            {
                '&' => "&amp;"u8,
                '<' => "&lt;"u8,
                '>' => "&gt;"u8,
                _ => "\ufffd"u8,
            });
            rest = rest[(special + 1)..];
        }

        Ascii(rest);
    }

    private void Utf8(ReadOnlySpan<char> text) => _length += Encoding.UTF8.GetBytes(
        text, Room(text.Length > Long ? Encoding.UTF8.GetByteCount(text) : Encoding.UTF8.GetMaxByteCount(text.Length)));

    private static int IndexOfSpecial(ReadOnlySpan<char> text, int from)
    {
        for (var i = from; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '&' or '<' or '>' || (c < 0x20 && c is not ('\t' or '\n' or '\r')) || c is '\ufffe' or '\uffff')
            {
                return i;
            }
        }

        return -1;
    }

    private bool IsBorrowed => _buffer.Length is > Large and <= Huge;

    private Span<byte> Room(int count)
    {
        if (_buffer.Length - _length < count)
        {
            Grow(count);
        }

        return _buffer.AsSpan(_length);
    }

    private void Grow(int count)
    {
        // A huge one is mostly one text, and is nearly done when that is in it.
        var size = Math.Max(_buffer.Length > Huge ? (int)Math.Min(_buffer.Length * 5L / 4, Array.MaxLength) : _buffer.Length * 2, checked(_length + count));
        _lease?.Take(size - _buffer.Length);
        var larger = Take(size);
        _buffer.AsSpan(0, _length).CopyTo(larger);
        Return();
        _buffer = larger;
    }

    private static byte[] Take(int size) => size is > Large and <= Huge ? ArrayPool<byte>.Shared.Rent(size) : new byte[size];

    private void Return()
    {
        if (IsBorrowed)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }
}
