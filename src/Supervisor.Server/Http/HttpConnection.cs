using System.Buffers;
using System.Globalization;
using System.Text;
using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Ports;

namespace Supervisor.Server.Http;

/// <summary>
/// One client's connection, request after request, in the HTTP/1 dialect of Python Supervisor's server (HTTP-001..010): replies repeat the
/// request's version, 1.1 stays open unless told otherwise, 1.0 closes unless asked and able to stay, bodies of unknown length are chunked.
/// </summary>
internal sealed class HttpConnection(
    ClientStream client, ServerContext server, TlsServer? tls, Router router, AccessLog log, TimeProvider time, CancellationToken stopping) : IClient
{
    private const int Slice = 64 * 1024;

    private static readonly TimeSpan s_unlimited = TimeSpan.FromDays(10_000);

    private readonly HttpLimits _limits = server.Limits;
    private Stream _stream = client;
    private ClientReader _input = new(client, router.Requests.Native);

    public ServerContext Server => server;

    public ClientTimeout Timeout { get; } = new(time);

    public int Place { get; set; } = ConnectionTable.NotInTable;

    public void Abort() => client.Abort();

    /// <summary>Until the connection is over; leaves the table then.</summary>
    public async Task RunAsync(ConnectionTable clients)
    {
        try
        {
            TlsSession? secure = null;
            if (tls is not null)
            {
                Timeout.Expect(_limits.Request);
                secure = await tls.AcceptAsync(client, stopping);
                _stream = secure.Stream;
                _input = new ClientReader(_stream, router.Requests.Native);
            }

            using var heads = new HeadReader(_input, _limits, server.Heads, router.Requests, Timeout);
            bool goesOn;
            do
            {
                var (head, verdict) = await heads.ReadAsync(stopping);
                goesOn = await ServeAsync(head, verdict);
            }
            while (goesOn);

            if (secure is not null)
            {
                await secure.EndAsync();
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or TlsException)
        {
            // The client went away or was sent away, or the daemon is ending.
        }
        finally
        {
            try
            {
                _input.Dispose();
                await _stream.DisposeAsync();
            }
            finally
            {
                clients.Remove(this);
            }
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
        }
        catch (IOException)
        {
            // Gone already.
        }
        finally
        {
            await client.DisposeAsync();
        }
    }

    // False when the connection is over.
    private async ValueTask<bool> ServeAsync(RequestHead? head, HeadVerdict verdict)
    {
        if (verdict != HeadVerdict.Request)
        {
            if (verdict != HeadVerdict.End)
            {
                await WriteAsync(Reply.Error(verdict == HeadVerdict.Bad ? 400 : 503, close: true), null);
            }

            return false;
        }

        using var request = head!;
        using var body = new RequestBody(request, _input, _limits, router.Requests, Timeout, stopping);
        Reply reply;
        try
        {
            reply = (server.Auth is { } auth ? await auth.ChallengeAsync(request, Timeout) : null)
                ?? await server.Guard.RefuseAsync(request)
                ?? await router.HandleAsync(request, server, body);
        }
        catch (Exception e) when (e is not (IOException or OperationCanceledException))
        {
            log.Failure(server.Name, e);
            reply = Reply.Error(500);
        }

        try
        {
            return await body.SkipAsync(await WriteAsync(reply, request));
        }
        finally
        {
            reply.Sent?.Invoke();
        }
    }

    private async ValueTask<bool> WriteAsync(Reply reply, RequestHead? request)
    {
        var version = request?.Version ?? "1.0";
        // Errors carry their page for HEAD too (HTTP-032). Proxies expect none there, and would take it for the beginning of the next answer.
        var close = DecideClose(reply, request, out var chunked) || (request?.Method == "HEAD" && !reply.Body.IsEmpty);
        var head = reply.Head(version, time.GetUtcNow());
        long count = head.Length;
        if (reply.Stream is { } stream)
        {
            await _stream.WriteAsync(head, stopping);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping, client.Gone);
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
                log.Request(client.Remote, request!, reply.Code, count);
            }

            close = true;
        }
        else
        {
            // Before the client can know, and send the next: the lines stand in the order of the requests.
            count += reply.Body.Length;
            if (request is not null)
            {
                log.Request(client.Remote, request, reply.Code, count);
            }

            await SendAsync(head, reply);
        }

        return !close && !reply.Close;
    }

    // HTTP-003..005; the closing side is told to HTTP/1.0 clients by closing alone, as upstream does (HTTP-004).
    private static bool DecideClose(Reply reply, RequestHead? request, out bool chunked)
    {
        chunked = false;
        var connection = request?["Connection"] ?? "";
        switch (request?.Version)
        {
            case "1.0" when connection.Equals("keep-alive", StringComparison.OrdinalIgnoreCase) && reply.HasLength:
                reply.Set("Connection", "Keep-Alive");
                return false;
            case "1.1" when connection.Equals("close", StringComparison.OrdinalIgnoreCase):
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

    private async ValueTask SendAsync(byte[] head, Reply reply)
    {
        using (var unsent = SendFirst(head, reply))
        {
            if (unsent is not null || reply.Body.Length > Slice)
            {
                Timeout.Expect(_limits.Request);
            }

            if (unsent is not null)
            {
                await _stream.WriteAsync(unsent.Memory, stopping);
            }
        }

        for (var at = Slice; at < reply.Body.Length;)
        {
            var slice = reply.Body[at..Math.Min(at + Slice, reply.Body.Length)];
            Timeout.Progress(Slice);
            await _stream.WriteAsync(slice, stopping);
            at += slice.Length;
        }

        Timeout.Stop();
    }

    // The head goes along in the first packet. Null when the kernel took it all; the client may be slow to read what is left, and many may be.
    private INativeBlock? SendFirst(byte[] head, Reply reply)
    {
        var together = reply.Body.Span[..Math.Min(Slice, reply.Body.Length)];
        var length = head.Length + together.Length;
        var first = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            head.CopyTo(first, 0);
            together.CopyTo(first.AsSpan(head.Length));
            var sent = tls is null ? client.TrySend(first.AsSpan(0, length)) : 0;
            if (sent == length)
            {
                return null;
            }

            var unsent = router.Requests.Native.Allocate(length - sent);
            first.AsSpan(sent, length - sent).CopyTo(unsent.Memory.Span);
            if (together.Length == reply.Body.Length)
            {
                reply.LetGo();
            }

            return unsent;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(first);
        }
    }

    private async ValueTask WriteChunkAsync(ReadOnlyMemory<byte> data, bool chunked)
    {
        // Whoever follows a log may pause as long as it likes, but makes room first when others need it.
        Timeout.Expect(s_unlimited);
        if (chunked)
        {
            var chunk = ArrayPool<byte>.Shared.Rent(data.Length + HttpChunk.MaximumFrame);
            try
            {
                await _stream.WriteAsync(chunk.AsMemory(0, HttpChunk.Write(data.Span, chunk)), stopping);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(chunk);
            }
        }
        else
        {
            await _stream.WriteAsync(data, stopping);
        }

        Timeout.Stop();
    }
}
