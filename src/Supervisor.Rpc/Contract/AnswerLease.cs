using Supervisor.Rpc.Wire;

namespace Supervisor.Rpc.Contract;

/// <summary>Memory that the answers to all clients together may take.</summary>
public interface IAnswerBudget
{
    /// <summary>False when there is not as much left.</summary>
    bool TryTake(long bytes);

    void Return(long bytes);
}

/// <summary>
/// What one answer takes of the budget, from its first part on and until it is sent: an answer may be thousands of times as long as its
/// request. Small answers take nothing, so that a few big ones cannot lock them out.
/// </summary>
/// <param name="budget">Of all answers.</param>
public sealed class AnswerLease(IAnswerBudget budget) : IDisposable
{
    /// <summary>Bytes that are free.</summary>
    public const int Free = 64 * 1024;

    private long _size;
    private long _taken;

    /// <summary>Bytes of the answer so far.</summary>
    public long Size => _size;

    /// <exception cref="AnswerTooLongException">There is not as much left.</exception>
    public void Take(long bytes)
    {
        _size += bytes;
        var more = _size - Free - _taken;
        if (more <= 0)
        {
            return;
        }

        if (!budget.TryTake(more))
        {
            _size -= bytes;
            throw new AnswerTooLongException();
        }

        _taken += more;
    }

    /// <summary>Only this much is left of it.</summary>
    public void Shrink(long bytes)
    {
        _size = bytes;
        var kept = Math.Min(_taken, Math.Max(0, bytes - Free));
        budget.Return(_taken - kept);
        _taken = kept;
    }

    /// <summary>Gives everything back; more than once does no harm.</summary>
    public void Dispose() => Shrink(0);

    /// <summary>Bytes of a value as it lies in memory, roughly: a character counts once, since most texts are ASCII on the wire.</summary>
    public static long SizeOf(RpcValue value)
    {
        const int Node = 32;
        long size = Node;
        switch (value)
        {
            case RpcString s:
                size += s.Value.Length;
                break;
            case RpcArray a:
                foreach (var item in a.Items)
                {
                    size += SizeOf(item);
                }

                break;
            case RpcStruct s:
                foreach (var (name, member) in s.Members)
                {
                    size += name.Length + SizeOf(member);
                }

                break;
        }

        return size;
    }
}

/// <summary>An answer that takes more memory than there is for it: a fault of the whole call, also within a multicall.</summary>
public sealed class AnswerTooLongException() : RpcFaultException(FaultCode.Failed, "the answer is too long, ask for less at a time");
