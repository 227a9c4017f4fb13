using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>
/// Makes the garbage collector keep to two megabytes for young objects, and two for those that have lived through one collection. By itself it
/// begins with as much as the processor has cache and takes ten times what lived on, and what is taken at once is what everything stops for. The
/// runtime reads these settings from the environment alone, and before Main: they are put there when the program executes or starts itself, and
/// are gone from there when it runs. Whoever sets one for the daemon by hand is obeyed.
/// </summary>
internal static class SmallHeap
{
    /// <summary>Hexadecimal, as the runtime reads it; the zero in front marks it as ours.</summary>
    internal const string Value = "0200000";

    // Upper and lower case count.
    internal static readonly string[] Names = ["DOTNET_GCgen0size", "DOTNET_GCGen0MaxBudget", "DOTNET_GCGen1MaxBudget"];

    internal static void Ask()
    {
        foreach (var name in Names)
        {
            _ = Libc.setenv(OsText.Encode(name), OsText.Encode(Value), 0);
        }
    }

    internal static void Forget()
    {
        foreach (var name in Names.Where(n => Environment.GetEnvironmentVariable(n) == Value))
        {
            NativeEnvironment.Remove(name);
        }
    }
}
