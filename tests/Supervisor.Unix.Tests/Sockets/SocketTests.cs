using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Ports;
using Supervisor.Unix.Tests.Support;

namespace Supervisor.Unix.Tests.Sockets;

public sealed class SocketTests
{
    private const string InUse =
        "Another program is already listening on a port that one of our HTTP servers is configured to use.  Shut this program down first before starting supervisord.";

    private readonly string _directory = Kernel.TemporaryDirectory();

    private string File(string name) => Path.Combine(_directory, name);

    [Fact]
    public void Inet_PortTaken_IsTheUsageTextAndLeavesNothing_DMN019()
    {
        var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        Kernel.AssertLeaksNoDescriptor(() =>
            Assert.Equal(InUse, Assert.Throws<ListenException>(() => ListeningSocket.Inet("127.0.0.1", port)).Message));
        taken.Stop();
        using var socket = ListeningSocket.Inet("localhost", port);
        Assert.True(socket.Descriptor > 2);
        using var client = new TcpClient();
        client.Connect(IPAddress.Loopback, port);
    }

    [Theory]
    [InlineData("192.0.2.1", "Cannot open an HTTP server: socket.error reported errno.EADDRNOTAVAIL (99)")]
    [InlineData("::1", "Cannot open an HTTP server: socket.error reported -9")]
    public void Inet_Unusable_IsTheUsageText_DMN019(string host, string text) =>
        Assert.Equal(text, Assert.Throws<ListenException>(() => ListeningSocket.Inet(host, 45123)).Message);

    [Fact]
    public void Unix_New_HasItsModeAndNoTemporaryName_DMN021()
    {
        using var socket = ListeningSocket.Unix(File("s"), 0x1B0, -1, -1);
        Assert.Equal(0x1B0, new PosixFileSystem().Stat(File("s"))!.Value.Mode);
        Assert.Equal(File("s") + "." + ProcessIdentity.Pid, socket.TemporaryName);
        Assert.Equal(["s"], Directory.GetFileSystemEntries(_directory).Select(Path.GetFileName));
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, 0);
        client.Connect(new UnixDomainSocketEndPoint(File("s")));
        socket.RemoveFile();
        Assert.Empty(Directory.GetFileSystemEntries(_directory));
    }

    [Fact]
    public void Unix_Stale_IsReplaced_DMN022()
    {
        ListeningSocket.Unix(File("s"), 0x1C0, -1, -1).Dispose();
        Assert.True(System.IO.File.Exists(File("s")));
        Kernel.AssertLeaksNoDescriptor(() => ListeningSocket.Unix(File("s"), 0x1C0, -1, -1).Dispose());
    }

    [Fact]
    public void Unix_FileOfAnother_IsNotRemoved_DMN053()
    {
        using var socket = ListeningSocket.Unix(File("s"), 0x1C0, -1, -1);
        System.IO.File.Delete(File("s"));
        Assert.True(socket.IsFileMissing);
        using var other = new Socket(AddressFamily.Unix, SocketType.Stream, 0);
        other.Bind(new UnixDomainSocketEndPoint(File("s")));
        Assert.False(socket.IsFileMissing);
        socket.RemoveFile();
        Assert.True(System.IO.File.Exists(File("s")));
        Assert.Equal(InUse, Assert.Throws<ListenException>(() => ListeningSocket.Unix(File("s"), 0x1C0, -1, -1, missing: true)).Message);
    }

    [Fact]
    public void Unix_MissingFile_IsMadeAgainWithItsMode()
    {
        using var old = ListeningSocket.Unix(File("s"), 0x1B0, -1, -1);
        System.IO.File.Delete(File("s"));
        using var fresh = ListeningSocket.Unix(File("s"), 0x1B0, -1, -1, missing: true);
        Assert.Equal(0x1B0, new PosixFileSystem().Stat(File("s"))!.Value.Mode);
        old.RemoveFile();
        Assert.False(fresh.IsFileMissing);
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, 0);
        client.Connect(new UnixDomainSocketEndPoint(File("s")));
    }

    [Fact]
    public void Bound_NameGivenToAnotherFile_ChangesOnlyWhatWasBound()
    {
        Bind(File("s"));
        System.IO.File.WriteAllText(File("victim"), "");
        System.IO.File.SetUnixFileMode(File("victim"), UnixFileMode.UserRead);
        using var bound = new BoundFile(OsText.Encode(File("s")));
        System.IO.File.Move(File("s"), File("aside"));
        System.IO.File.CreateSymbolicLink(File("s"), File("victim"));
        Assert.Equal(0, bound.ChangeMode(0x1B6));
        Assert.Equal(0, bound.ChangeOwner(-1, -1));
        Assert.Equal(0, bound.LinkTo(OsText.Encode(File("linked"))));
        Assert.Equal(UnixFileMode.UserRead, System.IO.File.GetUnixFileMode(File("victim")));
        Assert.Equal(bound.Identity, FileIdentity.OfName(OsText.Encode(File("linked"))));
        Assert.Equal(0x1B6, new PosixFileSystem().Stat(File("linked"))!.Value.Mode);
    }

    [Theory]
    [InlineData("link")]
    [InlineData("file")]
    [InlineData("socket of another directory")]
    [InlineData("nothing")]
    public void Bound_NameThatIsNoSocketOfOurs_IsRefused(string what)
    {
        switch (what)
        {
            case "link":
                Bind(File("elsewhere"));
                System.IO.File.CreateSymbolicLink(File("s"), File("elsewhere"));
                break;
            case "file":
                System.IO.File.WriteAllText(File("s"), "");
                break;
            case "socket of another directory":
                Bind(File("elsewhere"));
                Assert.Equal(0, Kernel.Run(Kernel.Shell($"ln {File("elsewhere")} {File("s")}")).Status);
                break;
        }

        Kernel.AssertLeaksNoDescriptor(() => Assert.Throws<PosixException>(() => new BoundFile(OsText.Encode(File("s")))));
    }

    private static void Bind(string path)
    {
        using var socket = new SocketHandle(Supervisor.Unix.Interop.Libc.AF_UNIX, Supervisor.Unix.Interop.Libc.SOCK_STREAM);
        socket.Bind(SocketAddress.Unix(path)!);
    }

    [Fact]
    public async Task Unix_Answered_IsInUseAndLeftAlone_DMN022_DMN053()
    {
        using var owner = new Socket(AddressFamily.Unix, SocketType.Stream, 0);
        owner.Bind(new UnixDomainSocketEndPoint(File("s")));
        owner.Listen();
        var served = Task.Run(async () =>
        {
            using var connection = await owner.AcceptAsync();
            var request = new byte[100];
            var length = await connection.ReceiveAsync(request);
            await connection.SendAsync("H"u8.ToArray());
            return Encoding.ASCII.GetString(request, 0, length);
        });
        Assert.Equal(InUse, Assert.Throws<ListenException>(() => ListeningSocket.Unix(File("s"), 0x1C0, -1, -1)).Message);
        Assert.Equal("GET / HTTP/1.0\r\n\r\n", await served);
        Assert.True(System.IO.File.Exists(File("s")));
    }

    [Fact]
    public void Unix_BadPlaces_AreUsageTexts_DMN019()
    {
        Assert.Equal("Cannot open an HTTP server: socket.error reported errno.ENOENT (2)",
            Assert.Throws<ListenException>(() => ListeningSocket.Unix("/nonexistent/s", 0x1C0, -1, -1)).Message);
        Assert.Equal("Cannot open an HTTP server: socket.error reported AF_UNIX path too long",
            Assert.Throws<ListenException>(() => ListeningSocket.Unix(File(new string('x', 100)), 0x1C0, -1, -1)).Message);
    }

    [Fact]
    public void Fcgi_Unix_ReplacesTheFileAndLeavesItBehind_SPN043()
    {
        System.IO.File.WriteAllText(File("f"), "in the way");
        var sockets = new FcgiSockets();
        var descriptor = sockets.Open(new FcgiSocketConfig { Url = "unix://" + File("f"), Mode = 0x180 });
        Assert.Equal(0x180, new PosixFileSystem().Stat(File("f"))!.Value.Mode);
        var (output, _, _) = Kernel.Run(Kernel.Shell("readlink /proc/$$/fd/0") with { StdinSocket = descriptor });
        Assert.StartsWith("socket:", output, StringComparison.Ordinal);
        sockets.Close(descriptor);
        Assert.True(System.IO.File.Exists(File("f")));
    }

    [Fact]
    public void Fcgi_Refused_TellsWhyAndLeavesNothing_SPN044()
    {
        var sockets = new FcgiSockets();
        Kernel.AssertLeaksNoDescriptor(() =>
        {
            Assert.Equal("[Errno 2] No such file or directory",
                Assert.Throws<FcgiSocketException>(() => sockets.Open(new FcgiSocketConfig { Url = "unix:///nonexistent/f" })).Message);
            Assert.Equal("[Errno 99] Cannot assign requested address",
                Assert.Throws<FcgiSocketException>(() => sockets.Open(new FcgiSocketConfig { Url = "tcp://192.0.2.1:45124" })).Message);
        });
    }

    [Theory]
    [InlineData(SocketType.Dgram)]
    [InlineData(SocketType.Stream)]
    public void Syslog_Line_IsInTheFormOfTheCLibrary_LOG009(SocketType type)
    {
        using var logger = new Socket(AddressFamily.Unix, type, 0) { ReceiveTimeout = 10_000 };
        logger.Bind(new UnixDomainSocketEndPoint(File("log")));
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 3, 4, 5, 6, TimeSpan.Zero));
        using var sink = new SyslogSink("supervisord", File("log"), time);
        Socket? accepted = null;
        if (type == SocketType.Stream)
        {
            logger.Listen();
        }

        sink.Write("cat hello"u8);
        if (type == SocketType.Stream)
        {
            accepted = logger.Accept();
        }

        var buffer = new byte[200];
        var length = (accepted ?? logger).Receive(buffer);
        Assert.Equal("<14>Nov  3 04:05:06 supervisord: cat hello" + (accepted is null ? "" : "\0"), Encoding.ASCII.GetString(buffer, 0, length));
        accepted?.Dispose();
    }

    [Fact]
    public void Syslog_LoggerRestarted_TheNextLineArrives()
    {
        using var sink = new SyslogSink("supervisord", File("log"), TimeProvider.System);
        sink.Write("lost"u8);
        for (var turn = 0; turn < 2; turn++)
        {
            using var logger = new Socket(AddressFamily.Unix, SocketType.Dgram, 0) { ReceiveTimeout = 10_000 };
            logger.Bind(new UnixDomainSocketEndPoint(File("log")));
            sink.Write("here"u8);
            Assert.True(logger.Receive(new byte[200]) > 0);
            logger.Close();
            System.IO.File.Delete(File("log"));
        }

        sink.Write("lost again"u8);
    }

    [Fact]
    public void Syslog_LoggerThatDoesNotRead_NeverBlocks()
    {
        using var logger = new Socket(AddressFamily.Unix, SocketType.Dgram, 0);
        logger.Bind(new UnixDomainSocketEndPoint(File("log")));
        using var sink = new SyslogSink("supervisord", File("log"), TimeProvider.System);
        for (var i = 0; i < 5000; i++)
        {
            sink.Write("line"u8);
        }
    }
}
