namespace Supervisor.Core.Configuration.Options;

/// <summary>Rows of <c>[group:x]</c> (OPT-100).</summary>
internal static class GroupOptions
{
    public static readonly Option<IReadOnlyList<string>> Programs = new("programs", Types.List, "", "Names of the members' [program:x] sections.");
}
