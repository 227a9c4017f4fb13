namespace Supervisor.Server.Rpc;

/// <summary>
/// Orders the answers of a group call. Upstream asks the processes in turn every 50 ms, so those that are done in the same round keep the
/// order they were called in (RPC-049). Rounds are told apart in the middle between two, so that equal waiting times never split.
/// </summary>
internal static class CompletionOrder
{
    private const double Round = 50;

    public static IEnumerable<T> Sort<T>(IEnumerable<(int Index, TimeSpan Elapsed, T Value)> completions) => completions
        .OrderBy(c => Math.Floor((c.Elapsed.TotalMilliseconds + Round / 2) / Round))
        .ThenBy(c => c.Index)
        .Select(c => c.Value);
}
