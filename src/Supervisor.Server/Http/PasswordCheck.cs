using System.Security.Cryptography;
using System.Text;

namespace Supervisor.Server.Http;

/// <summary>
/// The one login of a server: clear text, <c>{SHA}</c> or <see cref="PasswordHash"/>. Slow hashes are computed one at a time, so guessing
/// cannot take more than one processor, and a login that succeeded is recognized at once.
/// </summary>
internal sealed class PasswordCheck(string username, string password)
{
    private const string ShaPrefix = "{SHA}";
    private const int MaximumQueue = 64;

    // Far longer than a full queue takes, whatever the iterations.
    private static readonly TimeSpan s_queue = TimeSpan.FromDays(1);

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private byte[]? _cacheKey;
    private byte[]? _known;
    private int _waiting;

    /// <summary>Null when too many wait for an answer already.</summary>
    /// <param name="name">As sent.</param>
    /// <param name="secret">As sent.</param>
    /// <param name="timeout">With the client. A login that is not known yet may be anybody's: it must not keep a place that others need.</param>
    public async ValueTask<bool?> MatchesAsync(string name, string secret, ClientTimeout timeout)
    {
        if (!password.StartsWith(PasswordHash.Prefix, StringComparison.Ordinal))
        {
            return Matches(name, secret);
        }

        var digest = Digest(name, secret);
        if (_known is { } known && CryptographicOperations.FixedTimeEquals(known, digest))
        {
            return true;
        }

        if (Interlocked.Increment(ref _waiting) > MaximumQueue)
        {
            Interlocked.Decrement(ref _waiting);
            return null;
        }

        timeout.Expect(s_queue);
        await _oneAtATime.WaitAsync();
        try
        {
            // Not on the thread that serves everybody.
            await Task.Yield();
            // A wrong name takes as long as a wrong password.
            var matches = PasswordHash.Matches(password, secret) & Equal(name, username);
            if (matches)
            {
                _known = digest;
            }

            return matches;
        }
        finally
        {
            timeout.Stop();
            _oneAtATime.Release();
            Interlocked.Decrement(ref _waiting);
        }
    }

    // Both are always compared, in constant time: neither the answer's delay nor its order tells which was wrong.
    private bool Matches(string name, string secret)
    {
        var expected = password;
        var actual = secret;
        if (password.StartsWith(ShaPrefix, StringComparison.Ordinal))
        {
            expected = password[ShaPrefix.Length..];
            actual = Convert.ToHexStringLower(Sha1.Hash(Encoding.UTF8.GetBytes(secret)));
        }

        return Equal(name, username) & Equal(actual, expected);
    }

    // Says nothing about the password to whoever sees it without its key. Not from the system's secure source, which wants a /dev/urandom
    // that an empty image does not have: whoever could make use of that reads the key beside it.
    private byte[] Digest(string name, string secret)
    {
        if (_cacheKey is null)
        {
            var key = new byte[32];
            Random.Shared.NextBytes(key);
            Interlocked.CompareExchange(ref _cacheKey, key, null);
        }

        return Sha256.Hash([.. _cacheKey, .. Encoding.UTF8.GetBytes($"{name}:{secret}")]);
    }

    // As long as what was sent: its length is no secret.
    private static bool Equal(string sent, string expected)
    {
        var (a, b) = (Encoding.UTF8.GetBytes(sent), Encoding.UTF8.GetBytes(expected));
        var compared = new byte[a.Length];
        b.AsSpan(0, Math.Min(a.Length, b.Length)).CopyTo(compared);
        return CryptographicOperations.FixedTimeEquals(a, compared) & a.Length == b.Length;
    }
}
