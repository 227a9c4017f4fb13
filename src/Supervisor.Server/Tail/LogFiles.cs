using Supervisor.Core.Ports;

namespace Supervisor.Server.Tail;

/// <summary>
/// Log files as clients read them: on worker threads, and on few of these at a time. A file system may hang (a file server that is gone), and
/// then neither the threads that serve everybody nor the last worker may hang with it.
/// </summary>
public sealed class LogFiles(IFileSystem files, TimeProvider time)
{
    // Half of the workers.
    private const int AtATime = 2;

    // A read of a large log takes a fraction of this.
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _places = new(AtATime);

    /// <exception cref="PosixException">That of the work, or EAGAIN when no place became free in time.</exception>
    public async Task<T> RunAsync<T>(Func<IFileSystem, T> work, CancellationToken cancelled = default)
    {
        if (!_places.Wait(0, cancelled))
        {
            using var timeout = new CancellationTokenSource(s_timeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancelled, timeout.Token);
            try
            {
                await _places.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancelled.IsCancellationRequested)
            {
                throw new PosixException(Posix.EAGAIN);
            }
        }

        return await Task.Run(
            () =>
            {
                try
                {
                    return work(files);
                }
                finally
                {
                    _places.Release();
                }
            },
            CancellationToken.None);
    }
}
