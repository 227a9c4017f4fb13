namespace Supervisor.Core.Output;

/// <summary>
/// Finds the capture tokens in a stream that may be cut anywhere (LOG-050, LOG-051). Only what could be the beginning of a token is held
/// back, and nothing is lost at the end (QRK-025).
/// </summary>
internal sealed class CaptureScanner
{
    private readonly List<byte> _held = [];

    public bool Capturing { get; private set; }

    private static ReadOnlySpan<byte> BeginToken => "<!--XSUPERVISOR:BEGIN-->"u8;

    private static ReadOnlySpan<byte> EndToken => "<!--XSUPERVISOR:END-->"u8;

    private ReadOnlySpan<byte> Token => Capturing ? EndToken : BeginToken;

    /// <summary>Adds a chunk; then call <see cref="TryNext"/> until it says no.</summary>
    public void Add(ReadOnlySpan<byte> chunk) => _held.AddRange(chunk);

    /// <summary>
    /// Takes the next piece of plain data. <paramref name="toggled"/> tells that a token follows it: capturing has begun or ended after
    /// this piece.
    /// </summary>
    public bool TryNext(out byte[] piece, out bool toggled)
    {
        var data = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_held);
        var at = data.IndexOf(Token);
        if (at >= 0)
        {
            piece = data[..at].ToArray();
            _held.RemoveRange(0, at + Token.Length);
            Capturing = !Capturing;
            toggled = true;
            return true;
        }

        toggled = false;
        var keep = PrefixAtEnd(data, Token);
        piece = data[..(data.Length - keep)].ToArray();
        _held.RemoveRange(0, piece.Length);
        return piece.Length > 0;
    }

    /// <summary>The stream is over: what was held back is no token.</summary>
    public byte[] TakeRest()
    {
        var rest = _held.ToArray();
        _held.Clear();
        return rest;
    }

    private static int PrefixAtEnd(ReadOnlySpan<byte> data, ReadOnlySpan<byte> token)
    {
        for (var length = Math.Min(token.Length - 1, data.Length); length > 0; length--)
        {
            if (data[^length..].SequenceEqual(token[..length]))
            {
                return length;
            }
        }

        return 0;
    }
}
