using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Supervisor.Core.Configuration.Model;

namespace Supervisor.Server.Http;

/// <summary>
/// One client's connection, request after request, in the HTTP/1 dialect of Python Supervisor's server (HTTP-001..010): replies repeat the
/// request's version, 1.1 stays open unless told otherwise, 1.0 closes unless asked and able to stay, bodies of unknown length are chunked.
/// </summary>
internal sealed class HttpConnection(
    ConnectionContext context, ServerIdentity server, TlsServer? tls, Router router, AccessLog log, TimeProvider time, CancellationToken stopping) : IClient
{
    private const int Slice = 64 * 1024;

    private static readonly TimeSpan s_unlimited = TimeSpan.FromDays(10_000);

    private readonly HttpLimits _limits = server.Limits;
    private PipeReader _input = context.Transport.Input;
    private PipeWriter _output = context.Transport.Output;

    public ServerIdentity Server => server;

    public ClientPatience Patience { get; } = new(time);

    private static ReadOnlySpan<byte> EndOfHead => "\r\n\r\n"u8;

    public void Abort() => context.Abort();

    public async Task RunAsync()
    {
        TlsSession? secure = null;
        try
        {
            if (tls is not null)
            {
                Patience.Expect(_limits.Request);
                secure = await tls.AcceptAsync(context.Transport, stopping);
                (_input, _output) = (secure.Input, secure.Output);
            }

            while (await ServeOneAsync())
            {
            }

            await _output.CompleteAsync();
            await _input.CompleteAsync();
            if (secure is not null)
            {
                await secure.EndAsync();
                await context.Transport.Output.CompleteAsync();
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or TlsException)
        {
            // The client went away or was sent away, or the daemon is ending.
        }
        finally
        {
            if (secure is not null)
            {
                await secure.DisposeAsync();
            }

            await context.DisposeAsync();
        }
    }

    /// <summary>All others are being served.</summary>
    public async Task RefuseAsync()
    {
        try
        {
            if (tls is null)
            {
                await WriteAsync(Reply.Error(503, close: true), null);
            }

            await _output.CompleteAsync();
        }
        catch (IOException)
        {
            // Gone already.
        }
        catch (TimeoutException)
        {
            // The client does not read; an orderly end would wait for it.
            context.Abort();
        }
        finally
        {
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

        using var body = new RequestBody(head!, _input, _limits, router.Bodies, Patience, stopping);
        Reply reply;
        try
        {
            reply = (server.Auth is { } auth ? await auth.ChallengeAsync(head!) : null)
                ?? server.Guard.Refuse(head!)
                ?? await router.HandleAsync(head!, server, body);
        }
        catch (Exception e) when (e is not (IOException or OperationCanceledException))
        {
            log.Failure(server.Name, e);
            reply = Reply.Error(500);
        }

        try
        {
            return await body.SkipAsync(await WriteAsync(reply, head));
        }
        finally
        {
            reply.Sent?.Invoke();
        }
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
        var begun = false;
        long searched = 0;
        while (true)
        {
            if (!_input.TryRead(out var result))
            {
                if (!begun)
                {
                    Patience.Expect(_limits.Idle);
                }

                result = await _input.ReadAsync(stopping);
            }

            var buffer = SkipEmptyLines(result.Buffer);
            if (TryFindEnd(buffer, searched, out var end))
            {
                Patience.Rest();
                var bytes = buffer.Slice(0, end).ToArray();
                _input.AdvanceTo(buffer.GetPosition(EndOfHead.Length, end));
                var head = bytes.Length > _limits.Head ? null : RequestHead.Parse(bytes, _limits.Headers);
                return (head, head is null ? HeadVerdict.Bad : HeadVerdict.Request);
            }

            // A head has one time for all of it: sending it byte by byte gains nothing, neither in time nor in work for us.
            if (!begun && !buffer.IsEmpty)
            {
                begun = true;
                Patience.Expect(_limits.Request);
            }

            searched = Math.Max(0, buffer.Length - EndOfHead.Length);

            _input.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
            {
                return (null, HeadVerdict.End);
            }

            if (buffer.Length > _limits.Head)
            {
                Patience.Rest();
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

    private static bool TryFindEnd(ReadOnlySequence<byte> buffer, long searched, out SequencePosition end)
    {
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
            // Before the client can know, and send the next: the lines stand in the order of the requests.
            count += reply.Body.Length;
            if (request is not null)
            {
                log.Request(context.RemoteEndPoint, request, reply.Code, count);
            }

            await SendAsync(reply.Body);
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

    // The head goes along in the first packet. No more than a slice is copied ahead of what the client takes.
    private async Task SendAsync(ReadOnlyMemory<byte> body)
    {
        Patience.Expect(_limits.Request);
        do
        {
            var slice = body[..Math.Min(Slice, body.Length)];
            body = body[slice.Length..];
            _output.Write(slice.Span);
            var result = await _output.FlushAsync(stopping);
            if (result.IsCompleted && !body.IsEmpty)
            {
                throw new IOException("the client went away");
            }

            Patience.Progress(slice.Length);
        }
        while (!body.IsEmpty);
        Patience.Rest();
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

        // Whoever follows a log may pause as long as it likes, but makes room first when others need it.
        Patience.Expect(s_unlimited);
        var result = await _output.FlushAsync(stopping);
        Patience.Rest();
        if (result.IsCompleted)
        {
            throw new IOException("the client went away");
        }
    }
}
