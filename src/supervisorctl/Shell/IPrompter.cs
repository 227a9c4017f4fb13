namespace Supervisor.Ctl.Shell;

/// <summary>Where typed lines come from.</summary>
internal interface IPrompter
{
    /// <summary>A line without its end, or null at the end of the input.</summary>
    /// <exception cref="InterruptedException">Ctrl-C.</exception>
    string? ReadLine(string prompt);

    /// <summary>The same without showing what is typed.</summary>
    string? ReadPassword(string prompt);

    /// <summary>Whether Ctrl-C arrives as <see cref="InterruptedException"/> from <see cref="ReadLine"/> rather than as a signal.</summary>
    bool SeesInterrupts { get; }
}

/// <summary>Ctrl-C while a line was read.</summary>
internal sealed class InterruptedException : Exception;

/// <summary>The input ended where an answer was needed.</summary>
internal sealed class EndOfInputException : Exception;
