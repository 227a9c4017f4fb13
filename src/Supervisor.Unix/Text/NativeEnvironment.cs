using System.Runtime.InteropServices;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>The environment as the C library holds it, byte for byte; the runtime's own copy has lost what is no UTF-8.</summary>
internal static unsafe class NativeEnvironment
{
    private static readonly byte*** s_environ = (byte***)NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "environ");

    internal static byte** Pointer => *s_environ;

    /// <summary>First of equal names wins, as getenv(3) has it; an entry without <c>=</c> has no name and is left out.</summary>
    internal static Dictionary<string, string> Read()
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var entry = Pointer; entry is not null && *entry is not null; entry++)
        {
            var bytes = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(*entry);
            var equals = bytes.IndexOf((byte)'=');
            if (equals > 0)
            {
                values.TryAdd(OsText.Decode(bytes[..equals]), OsText.Decode(bytes[(equals + 1)..]));
            }
        }

        return values;
    }

    /// <summary>Takes a variable out of both copies.</summary>
    internal static void Remove(string name)
    {
        _ = Libc.unsetenv(OsText.Encode(name));
        Environment.SetEnvironmentVariable(name, null);
    }
}
