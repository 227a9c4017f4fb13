namespace Supervisor.Ctl.Shell;

/// <summary>Lines one after the other until quit or the end of the input (CTL-020).</summary>
internal static class InteractiveShell
{
    /// <param name="atExit">Runs once when the shell ends, also when a signal ends it.</param>
    public static void Run(Controller controller, Action atExit)
    {
        using var interrupt = controller.Interrupts.Handle(() =>
        {
            controller.Line("");
            controller.Output.Flush();
            atExit();
            Environment.Exit(ExitStatus.Success);
        });

        try
        {
            controller.Run("status");
            while (!controller.Quit)
            {
                controller.Output.Flush();
                controller.Run(controller.Prompter.ReadLine(controller.Settings.Prompt + "> ") ?? "EOF");
            }
        }
        catch (InterruptedException)
        {
            controller.Line("");
            controller.Output.Flush();
        }

        atExit();
    }
}
