namespace Supervisor.Core.Configuration.Checking;

public enum FindingSeverity
{
    /// <summary>Read differently than it looks, or likely a slip; the daemon starts.</summary>
    Warning,

    /// <summary>The daemon refuses it.</summary>
    Error,
}

/// <summary>Something about a configuration that a person should know.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Message">For errors Python Supervisor's text.</param>
/// <param name="File">As given or as the include pattern found it.</param>
/// <param name="Line">From 1; 0 if the whole file is meant.</param>
/// <param name="Section">Name of the section, if one is meant.</param>
/// <param name="Option">Name of the option, if one is meant.</param>
public sealed record ConfigFinding(FindingSeverity Severity, string Message, string File, int Line, string? Section = null, string? Option = null);
