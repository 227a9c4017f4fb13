using Supervisor.Ctl.Output;
using Supervisor.Ctl.Shell;
using Supervisor.Rpc.Client;

namespace Supervisor.Ctl.Commands;

/// <summary><c>status --watch</c>: the same listing again and again until Ctrl-C, in place on a terminal. A server that goes away is waited for.</summary>
internal static class StatusWatch
{
    public static readonly TimeSpan DefaultPeriod = TimeSpan.FromSeconds(2);

    /// <param name="ctl">Gets the output; its exit status is that of the last listing.</param>
    /// <param name="period">From one listing to the next.</param>
    /// <param name="show">Makes one listing.</param>
    public static void Run(Controller ctl, TimeSpan period, Action show)
    {
        using var stop = new ManualResetEventSlim();
        using var interrupt = ctl.Interrupts.Handle(stop.Set);
        do
        {
            ctl.ExitStatus = ExitStatus.Success;
            if (ctl.Output.IsTerminal)
            {
                ctl.Output.Text("\x1b[H\x1b[2J");
            }

            try
            {
                show();
            }
            catch (Exception e) when (e is RpcClientException or RpcProtocolException { Status: not 401 } or System.Net.Sockets.SocketException)
            {
                ctl.Fail(ErrorText.Line(e), ExitStatus.StatusUnknown);
            }

            if (!ctl.Output.IsTerminal)
            {
                ctl.Line("");
            }

            ctl.Output.Flush();
            ctl.Disconnect();
        }
        while (!stop.Wait(period));

        if (ctl.Output.IsTerminal)
        {
            ctl.Line("");
        }
    }
}
