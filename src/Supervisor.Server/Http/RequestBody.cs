using System.Globalization;
using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Ports;

namespace Supervisor.Server.Http;

/// <summary>
/// The body of one request: read when a handler wants it, else passed over, so that no request can hide in another's body. Where it ends
/// is known by Content-Length alone; chunked bodies are not understood (RPC-002). It lies outside the collector's reach, and is gone with this
/// object: thousands of bodies that are slow to come would have it move them about.
/// </summary>
internal sealed class RequestBody(
    RequestHead head, ClientReader input, HttpLimits limits, RequestMemory memory, ClientTimeout timeout, CancellationToken stopping) : IDisposable
{
    private const int FirstBlock = 4 * 1024;
    private static readonly TimeSpan s_linger = TimeSpan.FromSeconds(2);
    private const int LingerBytes = 64 * 1024 * 1024;

    private readonly long? _length = Length(head["Content-Length"]);
    private INativeBlock? _block;
    private long _done;
    private long _leased;

    /// <summary>The body, valid until this object is disposed of, or the reply that refuses it.</summary>
    public async ValueTask<(ReadOnlyMemory<byte> Body, Reply? Refusal)> ReadAsync()
    {
        if (head.Framing.Conflicts)
        {
            return (default, Reply.Error(400, close: true));
        }

        var text = head["Content-Length"];
        if (string.IsNullOrEmpty(text))
        {
            return (default, Reply.Error(411));
        }

        return _length switch
        {
            null => (default, Reply.Error(500, close: true)),
            < 0 => (default, Reply.Error(400, close: true)),
            var length when length > limits.Body => (default, Reply.Error(413, close: true)),
            var length => await ReadAsync((int)length),
        };
    }

    /// <summary>Passes over what nobody read; false when the connection cannot go on.</summary>
    public async ValueTask<bool> SkipAsync(bool goesOn)
    {
        // A client that waits for 100 may or may not send its body now.
        if (!head.Framing.IsPlain || (_done == 0 && _length > 0 && head.Framing.Expects))
        {
            goesOn = false;
        }

        var rest = (_length ?? 0) - _done;
        if (rest <= 0)
        {
            return goesOn && (_length is >= 0 || string.IsNullOrEmpty(head["Content-Length"]));
        }

        if (goesOn && rest <= limits.Body)
        {
            timeout.Expect(limits.Request);
            await DropAsync(rest, stopping);
            timeout.Stop();
            return true;
        }

        // The reply could be lost when we close with something unread. We wait for the client here, though not for long: others come first.
        timeout.Expect(s_linger);
        using var linger = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        linger.CancelAfter(s_linger);
        try
        {
            await DropAsync(Math.Min(rest, LingerBytes), linger.Token);
        }
        catch (OperationCanceledException)
        {
            // Long enough.
        }

        return false;
    }

    private async ValueTask<(ReadOnlyMemory<byte> Body, Reply? Refusal)> ReadAsync(int length)
    {
        if (length <= input.Buffered.Length)
        {
            // Here already, and nothing more is read until this one is done with.
            _done = length;
            return (input.Consume(length), null);
        }

        // Memory grows with what has come, not with what was announced.
        var body = (_block = memory.Native.Allocate(Math.Min(length, FirstBlock))).Memory;
        var waits = false;
        while (_done < length)
        {
            if (_done == body.Length)
            {
                var size = (int)Math.Min(length, 2L * body.Length);
                if (size > MemoryBudget.Small && !Lease(size - _leased))
                {
                    return (default, Reply.Error(503, close: true));
                }

                _block.Resize(size);
                body = _block.Memory;
            }

            var reading = input.ReadAsync(body[(int)_done..], stopping);
            if (!reading.IsCompleted && !waits)
            {
                waits = true;
                timeout.Expect(limits.Request);
            }

            var count = await reading;
            if (count == 0)
            {
                throw new IOException("the client ended within a body");
            }

            _done += count;
            timeout.Progress(count);
        }

        timeout.Stop();
        return (body, null);
    }

    public void Dispose()
    {
        memory.Trim.Note(_leased);
        memory.Budget.Return(Interlocked.Exchange(ref _leased, 0));
        _block?.Dispose();
    }

    private bool Lease(long bytes)
    {
        if (!memory.Budget.TryTake(bytes))
        {
            return false;
        }

        _leased += bytes;
        return true;
    }

    private async Task DropAsync(long rest, CancellationToken token)
    {
        while (rest > 0)
        {
            if (input.Buffered.IsEmpty && !await input.FillAsync(token))
            {
                throw new IOException("the client ended within a body");
            }

            var count = (int)Math.Min(input.Buffered.Length, rest);
            input.Consume(count);
            rest -= count;
            _done += count;
            timeout.Progress(count);
        }
    }

    // Null for what is no number; more digits than fit are still too many bytes.
    private static long? Length(string? text)
    {
        var trimmed = (text ?? "").AsSpan().Trim();
        if (long.TryParse(trimmed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var length))
        {
            return length;
        }

        return trimmed.Length > 0 && !trimmed.ContainsAnyExceptInRange('0', '9') ? long.MaxValue : null;
    }
}
