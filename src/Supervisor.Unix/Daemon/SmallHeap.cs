using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>
/// Makes the garbage collector keep to little for young objects, and for those that have lived through one collection. By itself it begins with as
/// much as the processor has cache and then takes many times what lived on, and what is taken at once is what everything stops for. The
/// runtime reads these settings from the environment alone, and before Main: they are put there when the program executes or starts itself, and
/// are gone from there when it runs. A setting that the environment already has is left as it is.
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
