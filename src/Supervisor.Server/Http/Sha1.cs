using System.Buffers.Binary;
using System.Numerics;

namespace Supervisor.Server.Http;

/// <summary>
/// SHA-1 for <c>{SHA}</c> passwords (OPT-034), after FIPS 180-4. Not the framework's: that one loads OpenSSL, which costs more memory than the
/// rest of the daemon's code and is missing in the small images that the daemon must run in.
/// </summary>
internal static class Sha1
{
    private const int BlockSize = 64;
    private const int LengthSize = 8;

    public static byte[] Hash(ReadOnlySpan<byte> data)
    {
        var padded = new byte[(data.Length + 1 + LengthSize + BlockSize - 1) / BlockSize * BlockSize];
        data.CopyTo(padded);
        padded[data.Length] = 0x80;
        BinaryPrimitives.WriteUInt64BigEndian(padded.AsSpan(padded.Length - LengthSize), (ulong)data.Length * 8);

        Span<uint> state = [0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0];
        for (var at = 0; at < padded.Length; at += BlockSize)
        {
            Mix(state, padded.AsSpan(at, BlockSize));
        }

        var hash = new byte[20];
        for (var i = 0; i < state.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(hash.AsSpan(4 * i), state[i]);
        }

        return hash;
    }

    private static void Mix(Span<uint> state, ReadOnlySpan<byte> block)
    {
        Span<uint> words = stackalloc uint[80];
        for (var i = 0; i < 16; i++)
        {
            words[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * i)..]);
        }

        for (var i = 16; i < words.Length; i++)
        {
            words[i] = BitOperations.RotateLeft(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
        }

        var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4]);
        for (var i = 0; i < words.Length; i++)
        {
            var (choice, constant) = (i / 20) switch
            {
                0 => ((b & c) | (~b & d), 0x5A827999u),
                1 => (b ^ c ^ d, 0x6ED9EBA1u),
                2 => ((b & c) | (b & d) | (c & d), 0x8F1BBCDCu),
                _ => (b ^ c ^ d, 0xCA62C1D6u),
            };
            (a, b, c, d, e) = (unchecked(BitOperations.RotateLeft(a, 5) + choice + e + constant + words[i]), a, BitOperations.RotateLeft(b, 30), c, d);
        }

        unchecked
        {
            state[0] += a;
            state[1] += b;
            state[2] += c;
            state[3] += d;
            state[4] += e;
        }
    }
}
