using Supervisor.Ctl.Shell;

namespace Supervisor.Ctl.Commands;

/// <summary>One row of the command table: dispatch, help and completion read it.</summary>
/// <param name="Help">Complete help text, usually one line per form of the command.</param>
/// <param name="Run">Gets the argument text without outer blanks.</param>
internal sealed record CtlCommand(string Name, string Help, Action<Controller, string> Run)
{
    /// <summary>What its arguments name, for completion.</summary>
    public Argument Takes { get; init; }

    /// <summary>What Python's supervisorctl does not have; <c>help</c> keeps silent about it, the manual does not.</summary>
    public IReadOnlyList<CtlFlag> Flags { get; init; } = [];

    /// <summary>Commands without help text are found, but not listed (<c>EOF</c>).</summary>
    public bool Listed => Help.Length > 0;

    public void ShowHelp(Controller ctl) => ctl.Line(Help);
}

/// <summary>What the arguments of a command name.</summary>
internal enum Argument
{
    Nothing,
    Command,
    Group,
    Process,
}

/// <summary>An option of a command.</summary>
/// <param name="Name">With its dashes.</param>
/// <param name="Value">What stands behind it, or empty; in brackets when it may be missing.</param>
/// <param name="Doc">One sentence.</param>
internal sealed record CtlFlag(string Name, string Value, string Doc);
