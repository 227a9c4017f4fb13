using Supervisor.Rpc.Contract;

namespace Supervisor.Server.Http;

/// <summary>Bytes that all clients together may have us hold: bodies that are coming in, or answers that are not read.</summary>
/// <param name="maximum">Bytes.</param>
internal sealed class MemoryBudget(long maximum) : IAnswerBudget
{
    /// <summary>What is smaller does not count: many small requests must not be locked out by a few big ones.</summary>
    public const int Small = AnswerLease.Free;

    private long _taken;

    public bool IsSpent => Interlocked.Read(ref _taken) >= maximum;

    /// <summary>False when there is not as much left.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= maximum)
        {
            return true;
        }

        Interlocked.Add(ref _taken, -bytes);
        return false;
    }

    public void Return(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
