using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix;

/// <summary>The running program, for executing it once more.</summary>
internal static unsafe class SelfImage
{
    private const int PathLimit = 4096;

    /// <summary>
    /// Zero-terminated path of the executable by its real name, because the name that is executed is the one that ps and pidof show;
    /// <c>/proc/self/exe</c> itself when that name is gone (an upgrade in place), and what the kernel was given when there is no /proc.
    /// </summary>
    internal static byte[] Path()
    {
        var link = "/proc/self/exe\0"u8.ToArray();
        var buffer = new byte[PathLimit];
        nint length;
        fixed (byte* target = buffer)
        {
            length = Libc.readlink(link, target, PathLimit - 1);
        }

        if (length > 0)
        {
            var path = buffer[..((int)length + 1)];
            return Libc.access(path, Libc.X_OK) == 0 ? path : link;
        }

        var given = (byte*)Libc.getauxval(Libc.AT_EXECFN);
        return given is null ? link : OsText.Encode(OsText.Decode(given));
    }

    /// <summary>argv byte for byte, argv[0] included; as the runtime decoded it when there is no /proc.</summary>
    internal static NativeStrings Arguments()
    {
        byte[] line;
        try
        {
            line = WholeFile.Read("/proc/self/cmdline");
        }
        catch (PosixException)
        {
            return new NativeStrings([.. Environment.GetCommandLineArgs().Select(OsText.Encode)]);
        }

        var words = new List<byte[]>();
        for (var start = 0; start < line.Length;)
        {
            var end = Array.IndexOf(line, (byte)0, start);
            end = end < 0 ? line.Length : end;
            words.Add([.. line.AsSpan(start, end - start), 0]);
            start = end + 1;
        }

        return words.Count > 0 ? new NativeStrings(words) : throw new PosixException(Posix.ENOENT, "/proc/self/cmdline");
    }
}
