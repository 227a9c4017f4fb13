using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Supervisor.Ctl.Tests.Support;

/// <summary>
/// A scripted server on a unix socket. Strict: a call that nobody scripted is answered with a fault that no command expects.
/// Answers are written as XML text here, so that the client's codec is checked against something independent.
/// </summary>
internal sealed class FakeServer : IDisposable
{
    private readonly Dictionary<string, Func<IReadOnlyList<string>, string>> methods = [];
    private readonly Dictionary<string, string> paths = [];
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string folder = Directory.CreateTempSubdirectory("ctl").FullName;
    private readonly List<string> calls = [];
    private int connections;

    public FakeServer()
    {
        SocketPath = Path.Combine(folder, "s");
        listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        listener.Listen(16);
        new Thread(Accept) { IsBackground = true }.Start();
        On("getVersion", Xml.String("3.0"));
    }

    public string SocketPath { get; }

    public string Url => "unix://" + SocketPath;

    public string Folder => folder;

    public int Connections => Volatile.Read(ref connections);

    /// <summary>Method and arguments, getVersion left out.</summary>
    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (calls)
            {
                return [.. calls];
            }
        }
    }

    /// <summary>Close the connection after each answer without saying so.</summary>
    public bool HangUp { get; set; }

    /// <summary>Answer every POST with this status line instead.</summary>
    public string? RefuseWith { get; set; }

    /// <summary>Only requests with this header value are let in.</summary>
    public string? Authorization { get; set; }

    public void On(string method, string answer) => methods[method] = _ => answer;

    public void On(string method, Func<IReadOnlyList<string>, string> answer) => methods[method] = answer;

    /// <summary>The whole answer to a GET.</summary>
    public void OnGet(string path, string response) => paths[path] = response;

    public void Dispose()
    {
        listener.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private void Accept()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = listener.Accept();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            Interlocked.Increment(ref connections);
            new Thread(() => Serve(client)) { IsBackground = true }.Start();
        }
    }

    private void Serve(Socket client)
    {
        using var stream = new NetworkStream(client, ownsSocket: true);
        try
        {
            while (ReadHead(stream) is { Length: > 0 } head)
            {
                stream.Write(Encoding.UTF8.GetBytes(head.StartsWith("GET", StringComparison.Ordinal) ? Get(head) : Post(head, stream)));
                if (HangUp || head.StartsWith("GET", StringComparison.Ordinal))
                {
                    return;
                }
            }
        }
        catch (IOException)
        {
            // The client has gone.
        }
    }

    private string Get(string head) =>
        paths.TryGetValue(head.Split(' ')[1], out var response) ? response : "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";

    private string Post(string head, Stream stream)
    {
        var length = int.Parse(Regex.Match(head, "Content-Length: ([0-9]+)").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        var body = new byte[length];
        stream.ReadExactly(body);

        if (RefuseWith is not null)
        {
            return $"HTTP/1.1 {RefuseWith}\r\nContent-Length: 0\r\n\r\n";
        }

        if (Authorization is not null && !head.Contains($"Authorization: {Authorization}\r\n", StringComparison.Ordinal))
        {
            return "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n";
        }

        var call = XDocument.Parse(Encoding.UTF8.GetString(body)).Root!;
        var method = call.Element("methodName")!.Value["supervisor.".Length..];
        var arguments = call.Descendants("param").Select(p => p.Value).ToList();
        if (method != "getVersion")
        {
            lock (calls)
            {
                calls.Add(string.Join(' ', [method, .. arguments]));
            }
        }

        var answer = Encoding.UTF8.GetBytes("<?xml version='1.0'?><methodResponse>"
            + (methods.TryGetValue(method, out var script) ? script(arguments) : Xml.Fault(99, "unscripted " + method))
            + "</methodResponse>");
        return $"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {answer.Length}\r\n\r\n{Encoding.UTF8.GetString(answer)}";
    }

    private static string ReadHead(Stream stream)
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            var next = stream.ReadByte();
            if (next < 0)
            {
                return "";
            }

            head.Append((char)next);
        }

        return head.ToString();
    }
}
