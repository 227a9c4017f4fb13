using System.Diagnostics;

namespace Supervisor.Listeners.Delivery;

/// <summary>Runs what the operator wrote as a command line, by the shell.</summary>
internal static class Shell
{
    /// <summary>Runs to the end with this on stdin; returns stdout. A command that fails has said so on stderr.</summary>
    public static string Run(string command, string input)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("no shell");
        var output = process.StandardOutput.ReadToEndAsync();
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It did not want its input.
        }

        process.WaitForExit();
        return output.GetAwaiter().GetResult();
    }
}
