using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections;

namespace Supervisor.Server.Http;

/// <summary>
/// One client's connection, request after request, in the HTTP/1 dialect of Python Supervisor's server (HTTP-001..010): replies repeat the
/// request's version, 1.1 stays open unless told otherwise, 1.0 closes unless asked and able to stay, bodies of unknown length are chunked.
/// </summary>
internal sealed class HttpConnection(
    ConnectionContext context, ServerIdentity server, Router router, AccessLog log, TimeProvider time, CancellationToken stopping)
{
    private const int MaximumHead = 256 * 1024;
    private static readonly TimeSpan s_idle = TimeSpan.FromMinutes(30);

    private readonly CancellationTokenSource _idle = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    private readonly PipeReader _input = context.Transport.Input;
    private readonly PipeWriter _output = context.Transport.Output;

    public bool Ended { get; private set; }

    private static ReadOnlySpan<byte> EndOfHead => "\r\n\r\n"u8;

    public void Abort() => context.Abort();

    public async Task RunAsync()
    {
        try
        {
            while (await ServeOneAsync())
            {
            }

            await _output.CompleteAsync();
            await _input.CompleteAsync();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ConnectionAbortedException or ConnectionResetException)
        {
            // The client went away, or the daemon is ending.
        }
        catch (TimeoutException)
        {
            // The client does not read; an orderly end would wait for it.
            context.Abort();
        }
        finally
        {
            Ended = true;
            _idle.Dispose();
            await context.DisposeAsync();
        }
    }

    // False when the connection is over.
    private async Task<bool> ServeOneAsync()
    {
        var (head, verdict) = await ReadHeadAsync();
        if (verdict != HeadVerdict.Request)
        {
            if (verdict == HeadVerdict.Bad)
            {
                await WriteAsync(Reply.Error(400, close: true), null);
            }

            return false;
        }

        Reply reply;
        try
        {
            reply = server.Auth?.Challenge(head!) ?? await router.HandleAsync(head!, server, ReadBodyAsync);
        }
        catch (Exception e) when (e is not (IOException or OperationCanceledException))
        {
            log.Failure(server.Name, e);
            reply = Reply.Error(500);
        }

        return await WriteAsync(reply, head);
    }

    private enum HeadVerdict
    {
        Request,
        /// <summary>Answer 400 and close.</summary>
        Bad,
        /// <summary>Nothing to answer.</summary>
        End,
    }

    private async Task<(RequestHead? Head, HeadVerdict Verdict)> ReadHeadAsync()
    {
        while (true)
        {
            if (!_input.TryRead(out var result))
            {
                _idle.CancelAfter(s_idle);
                result = await _input.ReadAsync(_idle.Token);
                _idle.CancelAfter(Timeout.InfiniteTimeSpan);
            }

            var buffer = SkipEmptyLines(result.Buffer);
            if (TryFindEnd(buffer, out var end))
            {
                var bytes = buffer.Slice(0, end).ToArray();
                _input.AdvanceTo(buffer.GetPosition(EndOfHead.Length, end));
                var head = RequestHead.Parse(bytes);
                return (head, head is null ? HeadVerdict.Bad : HeadVerdict.Request);
            }

            _input.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
            {
                return (null, HeadVerdict.End);
            }

            if (buffer.Length > MaximumHead)
            {
                return (null, HeadVerdict.Bad);
            }
        }
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

    private static bool TryFindEnd(ReadOnlySequence<byte> buffer, out SequencePosition end)
    {
        var reader = new SequenceReader<byte>(buffer);
        if (reader.TryReadTo(out ReadOnlySequence<byte> head, EndOfHead))
        {
            end = head.End;
            return true;
        }

        end = default;
        return false;
    }

    private async Task<byte[]> ReadBodyAsync(int length)
    {
        var body = new byte[length];
        var done = 0;
        while (done < length)
        {
            var result = await _input.ReadAsync(stopping);
            var take = (int)Math.Min(result.Buffer.Length, length - done);
            var part = result.Buffer.Slice(0, take);
            part.CopyTo(body.AsSpan(done));
            _input.AdvanceTo(part.End);
            done += take;
            if (result.IsCompleted && done < length)
            {
                throw new IOException("the client ended within a body");
            }
        }

        return body;
    }

    private async Task<bool> WriteAsync(Reply reply, RequestHead? request)
    {
        var version = request?.Version ?? "1.0";
        var close = DecideClose(reply, request, out var chunked);
        var head = reply.Head(version, time.GetUtcNow());
        long count = head.Length;
        _output.Write(head);
        if (reply.Stream is { } stream)
        {
            await _output.FlushAsync(stopping);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping, context.ConnectionClosed);
            try
            {
                await stream(
                    async data =>
                    {
                        count += data.Length;
                        await WriteChunkAsync(data, chunked);
                    },
                    ended.Token);
            }
            finally
            {
                log.Request(context.RemoteEndPoint, request!, reply.Code, count);
            }

            close = true;
        }
        else
        {
            // With the head in one packet.
            count += reply.Body.Length;
            _output.Write(reply.Body.Span);
            await _output.FlushAsync();

            if (request is not null)
            {
                log.Request(context.RemoteEndPoint, request, reply.Code, count);
            }
        }

        return !close && !reply.Close;
    }

    // HTTP-003..005; the closing side is told to HTTP/1.0 clients by closing alone, as upstream does (HTTP-004).
    private static bool DecideClose(Reply reply, RequestHead? request, out bool chunked)
    {
        chunked = false;
        var connection = (request?["Connection"] ?? "").ToLowerInvariant();
        switch (request?.Version)
        {
            case "1.0" when connection == "keep-alive" && reply.HasLength:
                reply.Set("Connection", "Keep-Alive");
                return false;
            case "1.1" when connection == "close":
                return true;
            case "1.1":
                if (!reply.HasLength)
                {
                    reply.Set("Transfer-Encoding", "chunked");
                    chunked = reply.Stream is not null;
                }

                return false;
            case null or "1.0":
                return true;
            default:
                return false;
        }
    }

    private async Task WriteChunkAsync(ReadOnlyMemory<byte> data, bool chunked)
    {
        if (chunked)
        {
            _output.Write(Encoding.ASCII.GetBytes(data.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"));
            _output.Write(data.Span);
            _output.Write("\r\n"u8);
        }
        else
        {
            _output.Write(data.Span);
        }

        var result = await _output.FlushAsync(stopping);
        if (result.IsCompleted)
        {
            throw new IOException("the client went away");
        }
    }
}
