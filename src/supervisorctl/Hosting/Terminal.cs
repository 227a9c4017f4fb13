using Supervisor.Ctl.Output;

namespace Supervisor.Ctl.Hosting;

internal static class Terminal
{
    /// <summary>stdout, coloured on a terminal unless <c>NO_COLOR</c> is set or the terminal is dumb (https://no-color.org).</summary>
    public static CtlOutput OpenOutput()
    {
        var isTerminal = !Console.IsOutputRedirected;
        var colours = isTerminal
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            && Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } and not "dumb";
        return new CtlOutput(Console.OpenStandardOutput(), isTerminal, colours);
    }
}
