namespace Supervisor.Core.Configuration.Options;

/// <summary>Rows of <c>[include]</c> (CFG-044..049).</summary>
internal static class IncludeOptions
{
    public static readonly Option<string?> Files = new("files", Types.Text!, null, "Files to read, wildcards allowed, relative to the main file.")
    {
        IsRequired = true,
    };
}
