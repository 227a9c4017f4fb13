using Supervisor.Ctl.Output;
using Supervisor.Ctl.Shell;

namespace Supervisor.Ctl.Hosting;

internal static class Prompters
{
    /// <summary>A line editor when both ends are a terminal, plain lines otherwise.</summary>
    public static IPrompter Create(CtlOutput output, CtlOutput errors, History history, Func<Completion?> completion)
    {
        if (Console.IsInputRedirected || Console.IsOutputRedirected)
        {
            return new StreamPrompter(Console.OpenStandardInput(), output, errors);
        }

        return new TerminalPrompter(new LineEditor(ReadKey, Width, output, history, completion), ReadKey, () => _ = Console.KeyAvailable, output);
    }

    /// <summary>Columns; a terminal that does not know its size says 0.</summary>
    private static int Width() => Console.WindowWidth is > 0 and var columns ? columns : 80;

    /// <summary>Ctrl-C is a key while a line is edited and a signal while a command runs.</summary>
    private static ConsoleKeyInfo ReadKey()
    {
        Console.TreatControlCAsInput = true;
        try
        {
            return Console.ReadKey(intercept: true);
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }
}
