using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Supervisor.Server.Http;

/// <summary>
/// <c>{PBKDF2-SHA256}iterations$salt$hash</c>, salt and hash in base64: PBKDF2 over SHA-256 (RFC 8018), 32 bytes. Slow on purpose,
/// so who steals the configuration does not have the password.
/// </summary>
public static class PasswordHash
{
    public const string Prefix = "{PBKDF2-SHA256}";

    /// <summary>About a tenth of a second; logins that succeeded are remembered.</summary>
    public const int DefaultIterations = 200_000;

    private const int MaximumIterations = 10_000_000;

    /// <summary>The form for the configuration, with a salt of its own.</summary>
    public static string Create(string password, int iterations = DefaultIterations)
    {
        // 122 random bits of the kernel's; the framework's generator for secrets would load OpenSSL.
        var salt = Guid.NewGuid().ToByteArray();
        var hash = Derive(Encoding.UTF8.GetBytes(password), salt, iterations);
        return string.Create(CultureInfo.InvariantCulture, $"{Prefix}{iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}");
    }

    internal static bool Matches(string text, string password) => TryParse(text, out var iterations, out var salt, out var hash)
        && CryptographicOperations.FixedTimeEquals(Derive(Encoding.UTF8.GetBytes(password), salt, iterations), hash);

    internal static byte[] Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int iterations)
    {
        var mac = new Hmac(password);
        Span<byte> round = stackalloc byte[Sha256.HashSize];
        Span<byte> first = new byte[salt.Length + 4];
        salt.CopyTo(first);
        first[^1] = 1;
        mac.Compute(first, round);
        var result = round.ToArray();
        for (var i = 1; i < iterations; i++)
        {
            mac.Compute(round, round);
            for (var at = 0; at < result.Length; at++)
            {
                result[at] ^= round[at];
            }
        }

        return result;
    }

    private static bool TryParse(string text, out int iterations, out byte[] salt, out byte[] hash)
    {
        (iterations, salt, hash) = (0, [], []);
        var parts = text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..].Split('$') : [];
        if (parts.Length != 3 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out iterations)
            || iterations is < 1 or > MaximumIterations)
        {
            return false;
        }

        try
        {
            (salt, hash) = (Convert.FromBase64String(parts[1]), Convert.FromBase64String(parts[2]));
        }
        catch (FormatException)
        {
            return false;
        }

        return salt.Length is > 0 and <= 1024 && hash.Length == Sha256.HashSize;
    }

    // The two blocks that depend on the key are mixed once, which halves the cost for us as it does for whoever guesses.
    private sealed class Hmac
    {
        private readonly uint[] _inner = new uint[8];
        private readonly uint[] _outer = new uint[8];

        public Hmac(ReadOnlySpan<byte> key)
        {
            Span<byte> block = stackalloc byte[Sha256.BlockSize];
            block.Clear();
            (key.Length > Sha256.BlockSize ? Sha256.Hash(key) : key).CopyTo(block);
            Start(_inner, block, 0x36);
            Start(_outer, block, 0x5c);
        }

        public void Compute(ReadOnlySpan<byte> data, Span<byte> result)
        {
            Span<uint> state = stackalloc uint[8];
            _inner.CopyTo(state);
            Sha256.Finish(state, data, Sha256.BlockSize, result);
            _outer.CopyTo(state);
            Sha256.Finish(state, result, Sha256.BlockSize, result);
        }

        private static void Start(uint[] state, ReadOnlySpan<byte> key, byte pad)
        {
            Span<byte> block = stackalloc byte[Sha256.BlockSize];
            for (var i = 0; i < block.Length; i++)
            {
                block[i] = (byte)(key[i] ^ pad);
            }

            Sha256.Begin(state);
            Sha256.Mix(state, block);
        }
    }
}
