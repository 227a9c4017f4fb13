using System.Globalization;

namespace Supervisor.Core.Ports;

/// <summary>What a child that cannot become its program writes to its stderr (SPN-026, SPN-027). The reason follows all but the closing line.</summary>
public static class SpawnTexts
{
    public const string Closing = "supervisor: child process was not spawned\n";

    /// <summary>For steps that fail only when the kernel has nothing left to give.</summary>
    public const string Preparation = "supervisor: couldn't prepare the child: ";

    public static string User(int uid) => $"supervisor: couldn't setuid to {uid.ToString(CultureInfo.InvariantCulture)}: ";

    public static string Directory(string path) => $"supervisor: couldn't chdir to {path}: ";

    /// <param name="program">The program as the command has it, not its resolved path.</param>
    public static string Program(string program) => $"supervisor: couldn't exec {program}: ";
}
