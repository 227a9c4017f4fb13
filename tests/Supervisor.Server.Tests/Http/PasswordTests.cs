using System.Security.Cryptography;
using System.Text;
using Supervisor.Server.Http;

namespace Supervisor.Server.Tests.Http;

public class PasswordTests
{
    private readonly ClientTimeout _timeout = new(TimeProvider.System);

    [Fact]
    public void Sha256_AnyLength_IsTheFrameworks()
    {
        var data = new byte[300];
        new Random(1).NextBytes(data);
        for (var length = 0; length <= data.Length; length++)
        {
            Assert.Equal(SHA256.HashData(data.AsSpan(0, length)), Sha256.Hash(data.AsSpan(0, length)));
        }
    }

    [Theory]
    [InlineData("password", "salt", 1)]
    [InlineData("password", "salt", 2)]
    [InlineData("wörld", "NaCl", 1000)]
    [InlineData("", "s", 3)]
    [InlineData("a password that is longer than one block of the hash: sixty-four bytes and some more", "s", 7)]
    public void Derive_AnyPassword_IsTheFrameworks(string password, string salt, int iterations)
    {
        var (p, s) = (Encoding.UTF8.GetBytes(password), Encoding.UTF8.GetBytes(salt));
        Assert.Equal(Rfc2898DeriveBytes.Pbkdf2(p, s, iterations, HashAlgorithmName.SHA256, 32), PasswordHash.Derive(p, s, iterations));
    }

    [Fact]
    public void Create_Value_MatchesItsPasswordOnly()
    {
        var value = PasswordHash.Create("s3cret", 10);
        Assert.StartsWith("{PBKDF2-SHA256}10$", value, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", value, StringComparison.Ordinal);
        Assert.True(PasswordHash.Matches(value, "s3cret"));
        Assert.False(PasswordHash.Matches(value, "S3cret"));
        Assert.NotEqual(value, PasswordHash.Create("s3cret", 10));
    }

    [Theory]
    [InlineData("{PBKDF2-SHA256}")]
    [InlineData("{PBKDF2-SHA256}10$AAAA$AAAA")]
    [InlineData("{PBKDF2-SHA256}0$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("{PBKDF2-SHA256}99999999$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("{PBKDF2-SHA256}10$#$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void Matches_BrokenValue_Never(string value) => Assert.False(PasswordHash.Matches(value, ""));

    [Fact]
    public async Task Check_Hashed_RemembersWhatWasRightAndNothingElse()
    {
        var check = new PasswordCheck("user", PasswordHash.Create("s3cret", 1000));
        Assert.False(await check.MatchesAsync("user", "wrong", _timeout));
        Assert.True(await check.MatchesAsync("user", "s3cret", _timeout));
        Assert.True(await check.MatchesAsync("user", "s3cret", _timeout));
        Assert.False(await check.MatchesAsync("user", "wrong", _timeout));
        Assert.False(await check.MatchesAsync("other", "s3cret", _timeout));
    }

    /// <summary>Somebody without a password must not keep a place that another client needs.</summary>
    [Fact]
    public async Task Check_InTheQueue_TheClientMakesRoomForOthers()
    {
        var check = new PasswordCheck("user", PasswordHash.Create("s3cret", 2000));
        var queued = Enumerable.Range(0, 40).Select(_ => new ClientTimeout(TimeProvider.System)).ToList();
        var guesses = queued.Select((timeout, i) => check.MatchesAsync("user", $"guess {i}", timeout).AsTask()).ToList();
        Assert.NotEqual(long.MaxValue, queued[^1].WaitingSince);
        Assert.DoesNotContain(true, await Task.WhenAll(guesses));
        Assert.All(queued, p => Assert.Equal(long.MaxValue, p.WaitingSince));
    }

    [Fact]
    public async Task Check_ManyGuesses_AreRefusedBeyondTheQueue()
    {
        var check = new PasswordCheck("user", PasswordHash.Create("s3cret", 2000));
        var guesses = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => Task.Run(() => check.MatchesAsync("user", $"guess {i}", _timeout).AsTask())));
        Assert.All(guesses, g => Assert.NotEqual(true, g));
        Assert.Contains(false, guesses);
        Assert.True(await check.MatchesAsync("user", "s3cret", _timeout));
    }
}
