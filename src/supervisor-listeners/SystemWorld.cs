using System.Globalization;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using Supervisor.Listeners.Delivery;
using Supervisor.Listeners.Listeners;
using Supervisor.Rpc.Client;
using Supervisor.Rpc.Contract;

namespace Supervisor.Listeners;

/// <summary>The machine, and the daemon whose child this listener is.</summary>
internal sealed class SystemWorld(SupervisorClient daemon, Stream errors) : IListenerWorld
{
    // As superlance does: a check of one's own service, often behind a certificate of one's own.
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
        PooledConnectionLifetime = TimeSpan.Zero,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public DateTimeOffset Now => DateTimeOffset.Now;

    public void Tell(string text)
    {
        errors.Write(Encoding.UTF8.GetBytes(text));
        errors.Flush();
    }

    public string Run(string command, string input) => Shell.Run(command, input);

    public IReadOnlyList<ProcessInfo> GetAllProcessInfo() => daemon.GetAllProcessInfo();

    public ProcessInfo GetProcessInfo(string name) => daemon.GetProcessInfo(name);

    public void StopProcess(string name) => daemon.StopProcess(name);

    public void StartProcess(string name) => daemon.StartProcess(name);

    public long? ResidentBytes(int pid, bool withChildren)
    {
        if (!withChildren)
        {
            return Read(pid)?.Resident;
        }

        var all = Directory.GetDirectories("/proc").Select(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out var number) ? number : 0)
            .Where(n => n > 0).Select(n => (Pid: n, Facts: Read(n))).Where(p => p.Facts is not null).ToDictionary(p => p.Pid, p => p.Facts!.Value);
        if (!all.TryGetValue(pid, out var root))
        {
            return null;
        }

        var children = all.ToLookup(p => p.Value.Parent, p => p.Key);
        var total = root.Resident;
        var queue = new Queue<int>(children[pid]);
        while (queue.TryDequeue(out var child))
        {
            total += all[child].Resident;
            foreach (var grandchild in children[child])
            {
                queue.Enqueue(grandchild);
            }
        }

        return total;
    }

    public (int? Status, string Reason, string Body) Get(Uri url, TimeSpan timeout)
    {
        for (var retries = HttpOk.Retries(timeout); ; retries--)
        {
            try
            {
                using var limit = new CancellationTokenSource(timeout);
                using var request = new HttpRequestMessage(HttpMethod.Get, url);
                request.Headers.TryAddWithoutValidation("User-Agent", "httpok");
                using var response = _http.Send(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
                var body = response.Content.ReadAsStringAsync(limit.Token).GetAwaiter().GetResult();
                return ((int)response.StatusCode, response.ReasonPhrase ?? "", body);
            }
            catch (OperationCanceledException)
            {
                return (null, "timed out", "");
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                if (retries == 0 || e.InnerException is not SocketException { SocketErrorCode: SocketError.ConnectionRefused })
                {
                    return (null, e.Message, "");
                }
            }

            Thread.Sleep(HttpOk.RetryPause);
        }
    }

    // Null for a process that is gone; a kernel thread has no memory.
    private static (int Parent, long Resident)? Read(int pid)
    {
        try
        {
            var (parent, resident) = (0, 0L);
            foreach (var line in File.ReadLines($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/status"))
            {
                if (line.StartsWith("PPid:", StringComparison.Ordinal))
                {
                    parent = int.Parse(line["PPid:".Length..], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
                }
                else if (line.StartsWith("VmRSS:", StringComparison.Ordinal))
                {
                    resident = 1024 * long.Parse(line["VmRSS:".Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
                }
            }

            return (parent, resident);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
