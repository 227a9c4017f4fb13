using Microsoft.Extensions.Time.Testing;
using Supervisor.Core.Ports;
using Supervisor.Server.Tail;
using Supervisor.Testing.Engine;

namespace Supervisor.Server.Tests.Tail;

public sealed class LogFilesTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ManualResetEventSlim _answer = new();
    private readonly LogFiles _logs;

    public LogFilesTests() => _logs = new LogFiles(new FakeFiles(), _time);

    public void Dispose() => _answer.Dispose();

    private bool Hang(IFileSystem files) => _answer.Wait(TimeSpan.FromSeconds(60));

    [Fact]
    public async Task Run_FileSystemHangs_OthersWaitOutsideOfThreadsAndGiveUp()
    {
        // Two places are taken by calls that do not come back.
        var hung = new[] { _logs.RunAsync(Hang), _logs.RunAsync(Hang) };
        var third = _logs.RunAsync(_ => true);
        Assert.False(third.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(Posix.EAGAIN, (await Assert.ThrowsAsync<PosixException>(() => third)).Errno);

        _answer.Set();
        Assert.All(await Task.WhenAll(hung), Assert.True);
        Assert.True(await _logs.RunAsync(_ => true, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Run_ClientGone_StopsWaiting()
    {
        var hung = new[] { _logs.RunAsync(Hang), _logs.RunAsync(Hang) };
        using var gone = new CancellationTokenSource();
        var third = _logs.RunAsync(_ => true, gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
        _answer.Set();
        await Task.WhenAll(hung);
    }

    [Fact]
    public async Task Run_WorkFails_GivesItsPlaceBack()
    {
        for (var i = 0; i < 5; i++)
        {
            await Assert.ThrowsAsync<PosixException>(() => _logs.RunAsync<bool>(_ => throw new PosixException(Posix.EIO)));
        }

        Assert.True(await _logs.RunAsync(_ => true, TestContext.Current.CancellationToken));
    }
}
