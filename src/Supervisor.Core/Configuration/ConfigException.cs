namespace Supervisor.Core.Configuration;

/// <summary>
/// A configuration that Python Supervisor would refuse, with its text. Shown as <c>Error: {Message}</c> and exit status 2 at start,
/// or as <c>CANT_REREAD: {Message}</c> on reread.
/// </summary>
public sealed class ConfigException : Exception
{
    public ConfigException(string message) : base(message)
    {
    }

    public ConfigException(string message, Exception inner) : base(message, inner)
    {
    }
}
