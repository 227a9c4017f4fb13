using Supervisor.Core.Configuration.Expansion;
using Supervisor.Ctl.Output;
using Supervisor.Ctl.Shell;
using Supervisor.Rpc.Client;
using Supervisor.Rpc.Contract;

namespace Supervisor.Ctl.Commands;

/// <summary>fg: both logs of a process on the screen, typed lines into its stdin (CTL-043).</summary>
internal static class ForegroundCommand
{
    private const int Running = 20;

    public static void Run(Controller ctl, string argument)
    {
        if (!ctl.UpCheck())
        {
            return;
        }

        var names = PythonText.Split(argument);
        if (names.Length == 0)
        {
            ctl.Fail("ERROR: no process name supplied");
            HelpCommand.Show(ctl, "fg");
        }
        else if (names.Length > 1)
        {
            ctl.Fail("ERROR: too many process names supplied");
        }
        else if (IsRunning(ctl, names[0]))
        {
            Attach(ctl, names[0]);
        }
    }

    private static bool IsRunning(Controller ctl, string name)
    {
        try
        {
            if (ctl.Supervisor.GetProcessInfo(name).State == Running)
            {
                return true;
            }

            ctl.Fail("ERROR: process not running");
        }
        catch (RpcFaultException e) when (e.Code == (int)FaultCode.BadName)
        {
            ctl.Fail("ERROR: bad process name supplied");
        }
        catch (RpcFaultException e)
        {
            ctl.Line("ERROR: " + ErrorText.Fault(e));
        }

        return false;
    }

    private static void Attach(Controller ctl, string name)
    {
        ctl.Line("==> Press Ctrl-C to exit <==");
        ctl.Output.Flush();

        using var stop = new CancellationTokenSource();
        var streams = new List<LogStream>();
        var threads = new List<Thread>();
        try
        {
            foreach (var path in new[] { $"/logtail/{name}/stdout", $"/logtail/{name}/stderr" })
            {
                var stream = LogFollower.Open(ctl, path);
                streams.Add(stream);
                var thread = new Thread(() => LogFollower.Copy(ctl, stream, path, () => stop.IsCancellationRequested)) { IsBackground = true };
                threads.Add(thread);
                thread.Start();
            }

            Converse(ctl, name);
        }
        finally
        {
            stop.Cancel();
            streams.ForEach(s => s.Abort());
            threads.ForEach(t => t.Join());
            streams.ForEach(s => s.Dispose());
        }
    }

    /// <summary>Sends lines until the process or the input ends.</summary>
    private static void Converse(Controller ctl, string name)
    {
        using var interrupt = ctl.Prompter.SeesInterrupts ? null : ctl.Interrupts.Handle(() =>
        {
            // A blocked read of a pipe cannot be called back, so Ctrl-C ends the program and not only the command.
            ctl.Line("Exiting foreground");
            ctl.Output.Flush();
            Environment.Exit(ctl.ExitStatus);
        });

        try
        {
            while (ctl.Prompter.ReadLine("") is { } line)
            {
                if (!Send(ctl, name, line + "\n"))
                {
                    break;
                }

                if (ctl.Supervisor.GetProcessInfo(name).State != Running)
                {
                    ctl.Line("Process got killed");
                    break;
                }
            }
        }
        catch (InterruptedException)
        {
            // Ctrl-C leaves the foreground, not the shell.
        }

        ctl.Line("Exiting foreground");
        ctl.Output.Flush();
    }

    private static bool Send(Controller ctl, string name, string text)
    {
        try
        {
            ctl.Supervisor.SendProcessStdin(name, text);
            return true;
        }
        catch (RpcFaultException e)
        {
            ctl.Line(e.Code == (int)FaultCode.NotRunning ? "Process got killed" : "ERROR: " + ErrorText.Fault(e));
            return false;
        }
    }
}
