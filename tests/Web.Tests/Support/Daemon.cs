using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Supervisor.Web.Tests.Support;

/// <summary>A published supervisord with a configuration and a folder of its own.</summary>
internal sealed class Daemon : IAsyncDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);
    private static readonly HttpClient s_http = new();

    private readonly string _config;
    private Process? _process;

    private Daemon(string programs)
    {
        Port = FreePort();
        Folder = Directory.CreateTempSubdirectory("web-tests").FullName;
        _config = Path.Combine(Folder, "supervisord.conf");
        File.WriteAllText(_config, $"""
            [inet_http_server]
            port=127.0.0.1:{Port}
            [supervisord]
            nodaemon=true
            identifier=tests
            logfile={Folder}/main.log
            pidfile={Folder}/supervisord.pid
            childlogdir={Folder}
            [rpcinterface:supervisor]
            supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

            """.Replace("            ", "", StringComparison.Ordinal) + programs.Replace("@DIR@", Folder, StringComparison.Ordinal));
    }

    public int Port { get; }

    public string Folder { get; }

    public string Url => $"http://127.0.0.1:{Port}/";

    public static async Task<Daemon> StartAsync(string programs)
    {
        var daemon = new Daemon(programs);
        await daemon.StartAsync();
        return daemon;
    }

    public async Task StartAsync()
    {
        _process = Process.Start(new ProcessStartInfo(Binaries.Supervisord, ["-c", _config])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await UntilAsync(async () =>
        {
            try
            {
                return await s_http.GetStringAsync(Url + "ok.html") == "OK";
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
    }

    /// <summary>Ends it in order, as a signal from init would.</summary>
    public async Task StopAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{_process!.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync().WaitAsync(s_timeout);
        _process.Dispose();
        _process = null;
    }

    /// <summary>A call of the JSON interface.</summary>
    public async Task<string> CallAsync(string method, string body = "{}")
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var reply = await s_http.PostAsync($"{Url}api/v1/supervisor/{method}", content);
        return await reply.Content.ReadAsStringAsync();
    }

    public Task UntilStateAsync(string name, string state) => UntilAsync(async () =>
        (await s_http.GetStringAsync($"{Url}api/v1/supervisor/getProcessInfo?name={Uri.EscapeDataString(name)}"))
            .Contains($"\"statename\":\"{state}\"", StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await StopAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(clock.Elapsed < s_timeout, "waited in vain");
            await Task.Delay(20);
        }
    }

    private static int FreePort()
    {
        // Below those that the kernel gives to clients, the browser among them: nobody takes it between our look and the daemon's own.
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(10_000, 32_000));
            try
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // Taken.
            }
        }
    }
}
