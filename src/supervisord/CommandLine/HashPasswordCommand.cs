using System.Text;
using Microsoft.Win32.SafeHandles;
using Supervisor.Core.CommandLine;
using Supervisor.Server.Http;
using Supervisor.Unix;

namespace Supervisor.Daemon.CommandLine;

/// <summary><c>--hash-password</c>: a password comes in on standard input and goes out as a value for <c>password=</c>.</summary>
internal static class HashPasswordCommand
{
    private const string Option = "--hash-password";
    private const int StandardInput = 0;

    /// <summary>No option of Python Supervisor is spelt or abbreviated like this.</summary>
    public static bool IsAskedFor(IReadOnlyList<string> args) => args.Contains(Option);

    /// <exception cref="UsageException">There is no password, or something else on the command line: not the place for a password.</exception>
    public static void Run(IReadOnlyList<string> args)
    {
        if (args.Count > 1)
        {
            throw new UsageException($"{Option} stands alone; the password comes from standard input");
        }

        using var handle = new SafeFileHandle(StandardInput, ownsHandle: false);
        using var input = new StreamReader(new FileStream(handle, FileAccess.Read, bufferSize: 1), Encoding.UTF8);
        var password = input.ReadLine();
        if (string.IsNullOrWhiteSpace(password))
        {
            throw new UsageException("no password on standard input");
        }

        StandardStreams.Write(StandardStreams.Output, PasswordHash.Create(password) + "\n");
    }
}
