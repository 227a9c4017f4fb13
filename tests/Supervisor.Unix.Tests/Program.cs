using Supervisor.Unix.Tests.Support;

namespace Supervisor.Unix.Tests;

internal static class Program
{
    /// <summary>As the generated entry point, and <c>--probe NAME ...</c> plays a process under test.</summary>
    public static int Main(string[] args) => args switch
    {
        ["--probe", ..] => Probes.Run(args[1], args[2..]),
        _ when args.Any(arg => arg is "--server" or "--internal-msbuild-node") =>
            Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
                .GetAwaiter().GetResult(),
        _ => Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args).GetAwaiter().GetResult(),
    };
}
