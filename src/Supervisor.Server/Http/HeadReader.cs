using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Supervisor.Core.Configuration.Model;

namespace Supervisor.Server.Http;

/// <summary>What came where a request was to begin.</summary>
internal enum HeadVerdict
{
    Request,
    /// <summary>Answer 400 and close.</summary>
    Bad,
    /// <summary>Nothing to answer.</summary>
    End,
}

/// <summary>Reads the heads of one connection's requests, one after the other, within the limits of the server.</summary>
internal sealed class HeadReader(PipeReader input, HttpLimits limits, ClientPatience patience)
{
    // An idle connection must not hold much.
    private const int LongestKept = 4096;

    private byte[] _lastBytes = [];
    private RequestHead? _last;

    private static ReadOnlySpan<byte> EndOfHead => "\r\n\r\n"u8;

    /// <summary>Waits for the next head; leaves its body unread. Throws what reading throws.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<(RequestHead? Head, HeadVerdict Verdict)> ReadAsync(CancellationToken stopping)
    {
        var begun = false;
        long searched = 0;
        while (true)
        {
            if (!input.TryRead(out var result))
            {
                if (!begun)
                {
                    patience.Expect(limits.Idle);
                }

                result = await input.ReadAsync(stopping);
            }

            var buffer = SkipEmptyLines(result.Buffer);
            if (TryFindEnd(buffer, searched, out var end))
            {
                patience.Rest();
                var head = Parse(buffer.Slice(0, end));
                input.AdvanceTo(buffer.GetPosition(EndOfHead.Length, end));
                return (head, head is null ? HeadVerdict.Bad : HeadVerdict.Request);
            }

            // A head has one time for all of it: sending it byte by byte gains nothing, neither in time nor in work for us.
            if (!begun && !buffer.IsEmpty)
            {
                begun = true;
                patience.Expect(limits.Request);
            }

            searched = Math.Max(0, buffer.Length - EndOfHead.Length);

            input.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
            {
                return (null, HeadVerdict.End);
            }

            if (buffer.Length > limits.Head)
            {
                patience.Rest();
                return (null, HeadVerdict.Bad);
            }
        }
    }

    // Most clients send the same head with every request.
    private RequestHead? Parse(ReadOnlySequence<byte> text)
    {
        if (text.Length > limits.Head)
        {
            return null;
        }

        if (_last is not null && text.IsSingleSegment && text.FirstSpan.SequenceEqual(_lastBytes))
        {
            return _last;
        }

        var bytes = text.ToArray();
        var head = RequestHead.Parse(bytes, limits.Headers);
        (_lastBytes, _last) = bytes.Length <= LongestKept ? (bytes, head) : ([], null);
        return head;
    }

    // Some clients send one more line end than they should (HTTP-007).
    private static ReadOnlySequence<byte> SkipEmptyLines(ReadOnlySequence<byte> buffer)
    {
        Span<byte> first = stackalloc byte[2];
        while (buffer.Length >= 2)
        {
            buffer.Slice(0, 2).CopyTo(first);
            if (!first.SequenceEqual("\r\n"u8))
            {
                break;
            }

            buffer = buffer.Slice(2);
        }

        return buffer;
    }

    private bool TryFindEnd(ReadOnlySequence<byte> buffer, long searched, out SequencePosition end)
    {
        // Where the last one ended, most likely.
        if (_last is not null
            && buffer.FirstSpan.Length >= _lastBytes.Length + EndOfHead.Length
            && buffer.FirstSpan.Slice(_lastBytes.Length, EndOfHead.Length).SequenceEqual(EndOfHead)
            && buffer.FirstSpan.StartsWith(_lastBytes))
        {
            end = buffer.GetPosition(_lastBytes.Length);
            return true;
        }

        // Empty lines may have been taken away from what was searched.
        var reader = new SequenceReader<byte>(buffer.Slice(Math.Min(searched, buffer.Length)));
        if (reader.TryReadTo(out ReadOnlySequence<byte> head, EndOfHead))
        {
            end = head.End;
            return true;
        }

        end = default;
        return false;
    }
}
