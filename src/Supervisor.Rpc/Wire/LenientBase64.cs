using System.Text;

namespace Supervisor.Rpc.Wire;

/// <summary>Base64 as Python's <c>binascii</c> reads it: it passes over what is not in the alphabet and over padding that comes early.</summary>
public static class LenientBase64
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /// <summary>The UTF-8 text in <paramref name="encoded"/>, up to its padding.</summary>
    /// <exception cref="FormatException">Characters are missing at the end, or it is no UTF-8.</exception>
    public static string Text(string encoded)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString([.. Bytes(encoded)]);
        }
        catch (DecoderFallbackException e)
        {
            throw new FormatException("not UTF-8", e);
        }
    }

    private static List<byte> Bytes(string encoded)
    {
        var bytes = new List<byte>(encoded.Length);
        // Of the four characters that make three bytes.
        var (place, pads, last) = (0, 0, 0);
        foreach (var c in encoded)
        {
            if (c == '=' && place >= 2 && place + ++pads >= 4)
            {
                return bytes;
            }

            var bits = Alphabet.IndexOf(c, StringComparison.Ordinal);
            if (bits < 0)
            {
                continue;
            }

            if (place > 0)
            {
                bytes.Add((byte)(last << (2 * place) | bits >> (6 - 2 * place)));
            }

            (place, pads, last) = ((place + 1) % 4, 0, bits);
        }

        return place == 0 ? bytes : throw new FormatException("incomplete base64");
    }
}
