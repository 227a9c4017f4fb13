using System.Runtime.CompilerServices;
using Supervisor.Core.Configuration.Model;

namespace Supervisor.Server.Http;

/// <summary>What came where a request was to begin.</summary>
internal enum HeadVerdict
{
    Request,
    /// <summary>Answer 400 and close.</summary>
    Bad,
    /// <summary>Answer 503 and close: others take up the room for long heads.</summary>
    Busy,
    /// <summary>Nothing to answer.</summary>
    End,
}

/// <summary>Reads the heads of one connection's requests, one after the other, within the limits of the server.</summary>
/// <param name="input">What comes from the client.</param>
/// <param name="limits">Of its server.</param>
/// <param name="known">Heads that were read.</param>
/// <param name="memory">Long heads count in its budget till the next one is read.</param>
/// <param name="timeout">With the client.</param>
internal sealed class HeadReader(ClientReader input, HttpLimits limits, RequestHeadCache known, RequestMemory memory, ClientTimeout timeout) : IDisposable
{
    // One that is no longer takes nothing from the budget.
    private const int Free = 16 * 1024;

    // As it comes in, and then as it was read.
    private const int Copies = 2;

    private long _leased;

    private static ReadOnlySpan<byte> EndOfHead => "\r\n\r\n"u8;

    /// <summary>Waits for the next head, which the caller disposes of; leaves its body unread. Throws what reading throws.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<(RequestHead? Head, HeadVerdict Verdict)> ReadAsync(CancellationToken stopping)
    {
        EndLease();
        var begun = false;
        var searched = 0;
        while (true)
        {
            SkipEmptyLines();
            var end = input.Buffered[searched..].IndexOf(EndOfHead);
            if (end >= 0)
            {
                timeout.Stop();
                var head = Parse(input.Buffered[..(searched + end)]);
                input.Consume(searched + end + EndOfHead.Length);
                return (head, head is null ? HeadVerdict.Bad : HeadVerdict.Request);
            }

            var length = input.Buffered.Length;
            if (length > limits.Head)
            {
                timeout.Stop();
                return (null, HeadVerdict.Bad);
            }

            if (!Lease(length))
            {
                timeout.Stop();
                return (null, HeadVerdict.Busy);
            }

            if (length == 0)
            {
                timeout.Expect(limits.Idle);
            }
            else if (!begun)
            {
                // A head has one time for all of it: sending it byte by byte gains nothing, neither in time nor in work for us.
                begun = true;
                timeout.Expect(limits.Request);
            }

            searched = Math.Max(0, length - EndOfHead.Length + 1);
            if (!await input.FillAsync(stopping))
            {
                return (null, HeadVerdict.End);
            }
        }
    }

    /// <summary>Gives back what the last head took.</summary>
    public void Dispose() => EndLease();

    private void EndLease()
    {
        memory.Budget.Return(_leased);
        _leased = 0;
    }

    private RequestHead? Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > limits.Head)
        {
            return null;
        }

        if (known.Find(bytes) is { } same)
        {
            return same;
        }

        var head = RequestHead.Parse(bytes, memory.Native, limits.Headers);
        if (head is not null)
        {
            known.Keep(head);
        }

        return head;
    }

    private bool Lease(int length)
    {
        if (length <= Free)
        {
            return true;
        }

        var more = (Copies * length) - _leased;
        if (!memory.Budget.TryTake(more))
        {
            return false;
        }

        _leased += more;
        return true;
    }

    // Some clients send one more line end than they should (HTTP-007).
    private void SkipEmptyLines()
    {
        while (input.Buffered.StartsWith("\r\n"u8))
        {
            input.Consume(2);
        }
    }
}
