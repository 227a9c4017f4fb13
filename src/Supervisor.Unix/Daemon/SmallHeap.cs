using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>
/// Makes the garbage collector begin with two megabytes for young objects, where by itself it takes as much as the processor has cache. The
/// runtime reads this setting from the environment alone, and before Main: it is put there when the program executes or starts itself, and is
/// gone from there when it runs. Whoever sets it for the daemon by hand is obeyed.
/// </summary>
internal static class SmallHeap
{
    internal const string Name = "DOTNET_GCgen0size";

    /// <summary>Hexadecimal, as the runtime reads it; the zero in front marks it as ours.</summary>
    internal const string Value = "0200000";

    internal static void Ask() => _ = Libc.setenv(OsText.Encode(Name), OsText.Encode(Value), 0);

    internal static void Forget()
    {
        if (Environment.GetEnvironmentVariable(Name) == Value)
        {
            NativeEnvironment.Remove(Name);
        }
    }
}
