using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>
/// Caps the garbage collector's budgets of generations 0 and 1. By default generation 0 is sized from the L3 cache, which makes pauses long. The runtime
/// reads these settings from the environment only, before Main: they are set when the program executes or starts itself, and removed once it runs. A
/// setting that the environment already has is kept.
/// </summary>
internal static class SmallHeap
{
    // Bytes, hexadecimal as the runtime reads them; the leading zero marks them as ours. The names are case-sensitive.
    internal static readonly (string Name, string Value)[] Settings =
    [
        ("DOTNET_GCgen0size", "0180000"), ("DOTNET_GCGen0MaxBudget", "0180000"), ("DOTNET_GCGen1MaxBudget", "0100000"),
    ];

    internal static void Ask()
    {
        foreach (var (name, value) in Settings)
        {
            _ = Libc.setenv(OsText.Encode(name), OsText.Encode(value), 0);
        }
    }

    internal static void Forget()
    {
        foreach (var (name, value) in Settings)
        {
            if (Environment.GetEnvironmentVariable(name) == value)
            {
                NativeEnvironment.Remove(name);
            }
        }
    }
}
