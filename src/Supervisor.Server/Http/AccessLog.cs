using System.Globalization;
using System.Net;
using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Logging;
using Supervisor.Core.Ports;

namespace Supervisor.Server.Http;

/// <summary>The HTTP server's lines in the activity log: TRAC, or ERRO when the word "error" occurs in them (HTTP-014, HTTP-015).</summary>
internal sealed class AccessLog(IActivityLog log, TimeProvider time)
{
    private const int MaximumShown = 2048;

    public void Request(EndPoint? client, RequestHead request, int code, long bytes)
    {
        if (!log.IsEnabled(LogLevel.Trace) && !request.MentionsError)
        {
            return;
        }

        var (host, port) = client is IPEndPoint ip ? (ip.Address.ToString(), ip.Port) : ("localhost", 0);
        var now = time.GetLocalNow();
        var offset = now.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal);
        Write(string.Create(
            CultureInfo.InvariantCulture, $"{host}:{port} - - [{now:dd/MMM/yyyy:HH:mm:ss} {offset}] \"{Shown(request.Line)}\" {code} {bytes}"));
    }

    public void Failure(string server, Exception e) =>
        Write($"{server}:Server Error: {e.GetType()}, {e.Message}: {e.StackTrace?.Trim().Split('\n')[0].Trim()}");

    public void WebFailure(Exception e) => Write($"Web interface error:{LogText.Of(e)}", LogTextKind.Lines);

    public void Started(string address, string server, string port) =>
        Write($"{address}:Medusa (V1.12) started at {CTime.Of(time)}\n\tHostname: {server}\n\tPort:{port}", LogTextKind.Lines);

    // The address may be as long as a head.
    private static string Shown(string line) => line.Length > MaximumShown ? line[..MaximumShown] + "..." : line;

    private void Write(string message, LogTextKind kind = LogTextKind.Line) =>
        log.Write(message.Contains("error", StringComparison.OrdinalIgnoreCase) ? LogLevel.Error : LogLevel.Trace, message, kind);
}
