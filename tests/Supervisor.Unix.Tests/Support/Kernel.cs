using System.Diagnostics;
using System.Globalization;
using System.Text;
using Supervisor.Core.Ports;
using Supervisor.Unix.Interop;

namespace Supervisor.Unix.Tests.Support;

/// <summary>Looks at this process and runs others, by the code under test itself.</summary>
internal static class Kernel
{
    internal const int Nobody = 65534;

    internal static readonly string Self = Path.Combine(AppContext.BaseDirectory, "Supervisor.Unix.Tests");

    private static readonly Lazy<string> s_temporary = new(MakeTemporary);

    internal static UnixProcessHost Host { get; } = new(new UserDatabase());

    internal static void NeedRoot() => Assert.SkipUnless(Privileges.IsRoot, "needs root");

    /// <summary>What each open descriptor refers to.</summary>
    internal static IReadOnlyList<string> Descriptors() =>
        [.. Directory.GetFileSystemEntries("/proc/self/fd").Select(fd => new FileInfo(fd).LinkTarget ?? "")];

    internal static int CountDescriptors() => Directory.GetFileSystemEntries("/proc/self/fd").Length;

    /// <summary>
    /// Fails when the action leaves a descriptor behind each time. It is repeated because the runtime and the test runner
    /// open and close files of their own meanwhile: a leak grows with the repetitions, they do not.
    /// </summary>
    internal static void AssertLeaksNoDescriptor(Action action, int times = 30)
    {
        action();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = CountDescriptors();
        for (var i = 0; i < times; i++)
        {
            action();
        }

        var after = CountDescriptors();
        Assert.True(after < before + times, $"{times} times took {before} open descriptors to {after}");
    }

    internal static Dictionary<string, string> OwnEnvironment() => new(new UnixConfigHost(new UserDatabase()).Environment);

    internal static SpawnRequest Shell(string script) => new()
    {
        FileName = "/bin/sh",
        Arguments = ["sh", "-c", script],
        Environment = OwnEnvironment(),
    };

    internal static SpawnRequest Probe(params string[] words) => new()
    {
        FileName = Self,
        Arguments = [Self, "--probe", .. words],
        Environment = OwnEnvironment(),
    };

    internal static IEnumerable<string> UidsOfAllThreads() =>
        Directory.GetDirectories("/proc/self/task").Select(task => Line(File.ReadAllText(task + "/status"), "Uid"));

    /// <summary>One row of a /proc status file, blanks joined.</summary>
    internal static string Line(string status, string key) => string.Join(' ',
        status.Split('\n').Single(line => line.StartsWith(key + ":", StringComparison.Ordinal)).Split('\t', ' ')[1..].Where(word => word != ""));

    /// <summary>Runs to the end: output (stdout, then stderr) and exit status.</summary>
    internal static (string Output, string Errors, int Status) Run(SpawnRequest request)
    {
        var started = Host.Spawn(request);
        Assert.Equal(SpawnStage.Started, started.Stage);
        started.Stdin?.Dispose();
        var output = ReadAll(started.Stdout!);
        var errors = started.Stderr is null ? "" : ReadAll(started.Stderr);
        return (output, errors, Daemonizer.ExitStatusOf(started.Pid));
    }

    internal static string ReadAll(IPipe pipe)
    {
        var text = new StringBuilder();
        while (ReadSome(pipe) is { Length: > 0 } some)
        {
            text.Append(some);
        }

        pipe.Dispose();
        return text.ToString();
    }

    /// <summary>Reads until the text is there.</summary>
    internal static void Await(IPipe pipe, string text)
    {
        var seen = "";
        while (!seen.Contains(text, StringComparison.Ordinal))
        {
            var some = ReadSome(pipe);
            Assert.True(some.Length > 0, "ended after: " + seen);
            seen += some;
        }
    }

    /// <summary>What is there or comes next, nothing at the end; fails after 30 seconds of silence.</summary>
    internal static string ReadSome(IPipe pipe)
    {
        var buffer = new byte[65536];
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < TimeSpan.FromSeconds(30))
        {
            var count = pipe.Read(buffer);
            if (count >= 0)
            {
                return Encoding.UTF8.GetString(buffer, 0, count);
            }

            Assert.Equal(-Posix.EAGAIN, count);
            Waits.Readable(pipe.Descriptor);
        }

        throw new TimeoutException();
    }

    /// <summary>One of its own for each caller, open to everybody, gone when the tests end.</summary>
    internal static string TemporaryDirectory() => MakeOpen(Path.Combine(s_temporary.Value, Path.GetRandomFileName()));

    private static string MakeTemporary()
    {
        var path = MakeOpen(Directory.CreateTempSubdirectory("svunix").FullName);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(path, recursive: true);
        return path;
    }

    private static string MakeOpen(string path)
    {
        Directory.CreateDirectory(path);
        File.SetUnixFileMode(path, (UnixFileMode)0x1FF);
        return path;
    }

    internal static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static class Waits
    {
        internal static void Readable(int descriptor)
        {
            using var poller = new EpollPoller();
            poller.Watch(descriptor, PollInterest.Read, new Nothing());
            poller.Wait(TimeSpan.FromSeconds(30));
        }

        private sealed class Nothing : IPollHandler
        {
            public void OnReadable()
            {
            }

            public void OnWritable()
            {
            }
        }
    }
}
