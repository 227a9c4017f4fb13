using Supervisor.Testing;

namespace Supervisor.Web.Tests.Support;

/// <summary>What these tests need and do not build: the published daemon and Debian's Chromium.</summary>
internal static class Binaries
{
    public static string Supervisord { get; } =
        Environment.GetEnvironmentVariable("SUPERVISORD") ?? Path.Combine(Repository.Root, "out", "supervisord");

    public static string Chromium { get; } = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium";

    /// <summary>Why the tests cannot run; null when they can.</summary>
    public static string? Missing => !File.Exists(Supervisord)
        ? $"{Supervisord} is not there: run .ci/publish first"
        : !File.Exists(Chromium) ? $"{Chromium} is not there" : null;
}
