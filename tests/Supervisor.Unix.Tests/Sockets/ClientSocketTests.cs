using System.Net;
using System.Net.Sockets;
using System.Text;
using Supervisor.Core.Ports;
using Supervisor.Unix.Tests.Support;

namespace Supervisor.Unix.Tests.Sockets;

public sealed class ClientSocketTests : IAsyncDisposable
{
    // Lives as long as the process, as in the daemon.
    private static readonly SocketLoop s_loop = new();

    private readonly ListeningSocket _socket = ListeningSocket.Inet("127.0.0.1", 0);
    private readonly ISocketListener _listener;

    public ClientSocketTests()
    {
        _listener = s_loop.Listen(_socket.Descriptor);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        // The next test must not begin, and wait, on the sockets' thread.
        await Task.Yield();
        _listener.Dispose();
        _socket.Dispose();
    }

    private async Task<(Socket Client, ClientStream Server)> ConnectAsync()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(new IPEndPoint(IPAddress.Loopback, Port()), Token);
        return (client, await _listener.AcceptAsync(Token));
    }

    private int Port()
    {
        // The port was the kernel's choice.
        using var borrowed = new Socket(new SafeSocketHandle(_socket.Descriptor, ownsHandle: false));
        return ((IPEndPoint)borrowed.LocalEndPoint!).Port;
    }

    private static async Task<string> ReadAsync(Stream stream, int size = 100)
    {
        var buffer = new byte[size];
        return Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer, Token));
    }

    [Fact]
    public async Task Remote_IsTheClientsAddress()
    {
        var (client, server) = await ConnectAsync();
        using (client)
        await using (server)
        {
            Assert.Equal(client.LocalEndPoint, server.Remote);
        }
    }

    [Fact]
    public async Task Bytes_GoBothWays()
    {
        var (client, server) = await ConnectAsync();
        using (client)
        await using (server)
        {
            var early = ReadAsync(server);
            await client.SendAsync("hello"u8.ToArray(), Token);
            Assert.Equal("hello", await early);
            await client.SendAsync("again"u8.ToArray(), Token);
            Assert.Equal("ag", await ReadAsync(server, 2));
            Assert.Equal("ain", await ReadAsync(server));
            await server.WriteAsync("answer"u8.ToArray(), Token);
            Assert.Equal("answer", await ReadAsync(new NetworkStream(client)));
        }
    }

    /// <summary>What the kernel takes and what waits for room come in one piece.</summary>
    [Fact]
    public async Task TrySend_TakesWhatFits_AndTheRestFollows()
    {
        var (client, server) = await ConnectAsync();
        using (client)
        await using (server)
        {
            var data = new byte[20_000_000];
            new Random(1).NextBytes(data);
            var sent = server.TrySend(data);
            Assert.InRange(sent, 1, data.Length - 1);
            Assert.Equal(0, server.TrySend(data.AsSpan(sent)));
            var rest = server.WriteAsync(data.AsMemory(sent), Token).AsTask();
            Assert.False(rest.IsCompleted);
            var received = new byte[data.Length];
            await new NetworkStream(client).ReadExactlyAsync(received, Token);
            await rest;
            Assert.Equal(data, received);
        }
    }

    [Fact]
    public async Task ReadOfNothing_WaitsForTheFirstByte()
    {
        var (client, server) = await ConnectAsync();
        using (client)
        await using (server)
        {
            foreach (var buffer in new byte[][] { [], new byte[1] })
            {
                using var cancellation = new CancellationTokenSource();
                var tried = server.ReadAsync(buffer, cancellation.Token).AsTask();
                Assert.False(tried.IsCompleted);
                await cancellation.CancelAsync();
                await Assert.ThrowsAsync<OperationCanceledException>(() => tried);
            }

            var waiting = server.ReadAsync(Memory<byte>.Empty, Token).AsTask();
            Assert.False(waiting.IsCompleted);
            await client.SendAsync("x"u8.ToArray(), Token);
            Assert.Equal(0, await waiting);
            Assert.Equal("x", await ReadAsync(server));
        }
    }

    /// <summary>Data and the end in one event: there is no second.</summary>
    [Fact]
    public async Task End_TogetherWithData_IsSeenAfterTheData()
    {
        for (var i = 0; i < 50; i++)
        {
            var (client, server) = await ConnectAsync();
            await using (server)
            {
                client.Send("last"u8);
                client.Shutdown(SocketShutdown.Send);
                Assert.Equal("last", await ReadAsync(server));
                Assert.Equal("", await ReadAsync(server));
                Assert.Equal("", await ReadAsync(server));
                client.Dispose();
            }
        }
    }

    [Fact]
    public async Task Gone_TellsOfTheEnd_ReadOrNot()
    {
        var (client, server) = await ConnectAsync();
        await using (server)
        {
            var early = server.Gone;
            Assert.False(early.IsCancellationRequested);
            await client.SendAsync("unread"u8.ToArray(), Token);
            client.Dispose();
            var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = early.Register(told.SetResult);
            await told.Task.WaitAsync(Token);
            Assert.True(server.Gone.IsCancellationRequested);
        }
    }

    [Fact]
    public async Task Write_MoreThanTheKernelTakes_WaitsForTheReader()
    {
        var (client, server) = await ConnectAsync();
        using (client)
        await using (server)
        {
            var sent = new byte[20_000_000];
            new Random(1).NextBytes(sent);
            var writing = server.WriteAsync(sent, Token).AsTask();
            Assert.False(writing.IsCompleted);
            var got = new byte[sent.Length];
            await new NetworkStream(client).ReadExactlyAsync(got, Token);
            await writing;
            Assert.Equal(sent, got);
        }
    }

    [Fact]
    public async Task Read_OfAStream_GetsEveryByteInOrder()
    {
        var (client, server) = await ConnectAsync();
        await using (server)
        {
            var sent = new byte[5_000_000];
            new Random(2).NextBytes(sent);
            var sending = Task.Run(
                () =>
                {
                    client.Send(sent);
                    client.Dispose();
                },
                Token);
            var got = new MemoryStream();
            await server.CopyToAsync(got, 1000, Token);
            await sending;
            Assert.Equal(sent, got.ToArray());
        }
    }

    [Fact]
    public async Task Abort_EndsAWaitingReadAndAWaitingWrite()
    {
        var (client, server) = await ConnectAsync();
        using (client)
        await using (server)
        {
            var reading = ReadAsync(server);
            var writing = server.WriteAsync(new byte[20_000_000], Token).AsTask();
            Assert.False(writing.IsCompleted);
            server.Abort();
            Assert.Equal("", await reading);
            await Assert.ThrowsAsync<IOException>(() => writing);
            Assert.True(server.Gone.IsCancellationRequested);
        }
    }

    [Fact]
    public async Task Dispose_WithUnreadInput_StillDeliversTheAnswer()
    {
        var (client, server) = await ConnectAsync();
        using (client)
        {
            await client.SendAsync(new byte[100_000], Token);
            Assert.Equal(0, await server.ReadAsync(Memory<byte>.Empty, Token));
            await server.WriteAsync("bye"u8.ToArray(), Token);
            await server.DisposeAsync();
            server.Abort();
            Assert.Equal("bye", await ReadAsync(new NetworkStream(client)));
        }
    }

    [Fact]
    public async Task Accept_ManyAtOnce_TakesEach()
    {
        var clients = Enumerable.Range(0, 100).Select(_ => new TcpClient()).ToList();
        await Task.WhenAll(clients.Select(c => c.ConnectAsync(IPAddress.Loopback, Port(), Token).AsTask()));
        for (var i = 0; i < clients.Count; i++)
        {
            await using var server = await _listener.AcceptAsync(Token);
            await server.WriteAsync("x"u8.ToArray(), Token);
        }

        foreach (var client in clients)
        {
            Assert.Equal("x", await ReadAsync(client.GetStream()));
            client.Dispose();
        }
    }

    [Fact]
    public async Task Accept_Cancelled_Ends()
    {
        using var cancellation = new CancellationTokenSource();
        var accepting = _listener.AcceptAsync(cancellation.Token).AsTask();
        Assert.False(accepting.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => accepting);
    }

    [Fact]
    public void Connections_LeaveNoDescriptor() => Kernel.AssertLeaksNoDescriptor(() =>
    {
        var (client, server) = ConnectAsync().GetAwaiter().GetResult();
        client.Dispose();
        server.Dispose();
    });

    [Fact]
    public void Listen_OnWhatIsNoSocket_IsRefused() => Assert.Equal(Posix.EBADF, Assert.Throws<PosixException>(() => s_loop.Listen(1_000_000)).Errno);

    [Fact]
    public async Task Posted_RunsInOrderOnTheSocketsThread()
    {
        var order = new List<int>();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Assert.False(s_loop.IsCurrent);
        s_loop.Post(() =>
        {
            order.Add(s_loop.IsCurrent ? 1 : -1);
            // Behind what is there already.
            s_loop.Post(() =>
            {
                order.Add(3);
                done.SetResult();
            });
            order.Add(2);
        });
        await done.Task.WaitAsync(Token);
        Assert.Equal([1, 2, 3], order);
    }

    [Fact]
    public async Task Posted_FromManyThreads_AllRun()
    {
        const int Each = 10_000;
        var (ran, done) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                s_loop.Post(() =>
                {
                    if (++ran == 3 * Each)
                    {
                        done.SetResult();
                    }
                });
            }
        }, Token)));
        await done.Task.WaitAsync(Token);
    }
}
