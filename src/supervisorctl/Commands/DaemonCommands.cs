using Supervisor.Ctl.Output;
using Supervisor.Ctl.Shell;
using Supervisor.Rpc.Contract;

namespace Supervisor.Ctl.Commands;

/// <summary>shutdown and reload (CTL-055, CTL-056).</summary>
internal static class DaemonCommands
{
    public static void Shutdown(Controller ctl, string argument)
    {
        if (HelpCommand.RefusedArguments(ctl, "shutdown", argument)
            || !Confirmed(ctl, "Really shut the remote supervisord process down y/N? "))
        {
            return;
        }

        try
        {
            ctl.Supervisor.Shutdown();
            ctl.Line("Shut down");
        }
        catch (RpcFaultException e) when (e.Code == (int)FaultCode.ShutdownState)
        {
            // What was asked for happens already: no failure.
            ctl.Line("ERROR: already shutting down");
        }
        catch (Exception e) when (ErrorText.IsRefused(e))
        {
            ctl.Fail($"ERROR: {ctl.Settings.ServerUrl} refused connection (already shut down?)");
        }
        catch (Exception e) when (ErrorText.IsMissingFile(e))
        {
            ctl.Fail($"ERROR: {ctl.Settings.ServerUrl} no such file (already shut down?)");
        }
    }

    public static void Reload(Controller ctl, string argument)
    {
        if (HelpCommand.RefusedArguments(ctl, "reload", argument)
            || !Confirmed(ctl, "Really restart the remote supervisord process y/N? "))
        {
            return;
        }

        try
        {
            ctl.Supervisor.Restart();
            ctl.Line("Restarted supervisord");
        }
        catch (RpcFaultException e) when (e.Code == (int)FaultCode.ShutdownState)
        {
            ctl.Fail("ERROR: already shutting down");
        }
    }

    private static bool Confirmed(Controller ctl, string question) =>
        !ctl.Settings.Interactive || ctl.Ask(question).StartsWith("y", StringComparison.OrdinalIgnoreCase);
}
