using System.Globalization;
using System.Net.Sockets;
using Supervisor.Ctl.Output;
using Supervisor.Ctl.Shell;
using Supervisor.Rpc.Client;

namespace Supervisor.Ctl.Commands;

/// <summary>Copies a followed log to the output until the server or the user ends it (CTL-041).</summary>
internal static class LogFollower
{
    /// <summary>Ctrl-C ends the copying with an empty line; trouble goes to stderr and leaves the exit status alone.</summary>
    public static void Follow(Controller ctl, string path)
    {
        ctl.Line("==> Press Ctrl-C to exit <==");
        ctl.Output.Flush();

        using var stream = Open(ctl, path);
        var interrupted = false;
        using (ctl.Interrupts.Handle(() =>
        {
            Volatile.Write(ref interrupted, true);
            stream.Abort();
        }))
        {
            Copy(ctl, stream, path, () => Volatile.Read(ref interrupted));
        }

        if (interrupted)
        {
            ctl.Line("");
        }
    }

    /// <exception cref="SocketException">No connection.</exception>
    public static LogStream Open(Controller ctl, string path) =>
        LogStream.Open(ServerAddress.Parse(ctl.Settings.ServerUrl), ctl.Settings.Username, ctl.Settings.Password, path);

    /// <param name="stopped">Whether a broken connection was our own doing and needs no message.</param>
    public static void Copy(Controller ctl, LogStream stream, string path, Func<bool> stopped)
    {
        try
        {
            var status = stream.ReadStatus();
            if (status != 200)
            {
                Complain(ctl, path, string.Create(CultureInfo.InvariantCulture, $"Cannot read, status code {status}"));
                return;
            }

            var buffer = new byte[8192];
            int count;
            while ((count = stream.Read(buffer)) > 0)
            {
                ctl.Output.Bytes(buffer.AsSpan(0, count));
                ctl.Output.Flush();
            }
        }
        catch (Exception e) when (e is SocketException or RpcClientException)
        {
            if (!stopped())
            {
                var (type, text) = ErrorText.Describe(e);
                Complain(ctl, path, $"Cannot connect, error: <class '{type}'> ({text})");
            }
        }
    }

    private static void Complain(Controller ctl, string path, string message)
    {
        ctl.Output.Flush();
        ctl.Errors.Line($"{ctl.Settings.ServerUrl}{path} {message}");
        ctl.Errors.Flush();
    }
}
