namespace Supervisor.Core;

/// <summary>The version of Python Supervisor that is emulated; clients compare it (RPC-031), <c>--version</c> prints it.</summary>
public static class ReferenceVersion
{
    public const string Text = "4.3.0";
}
