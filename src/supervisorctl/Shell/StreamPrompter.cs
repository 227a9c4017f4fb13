using System.Text;
using Supervisor.Ctl.Output;

namespace Supervisor.Ctl.Shell;

/// <summary>Lines from a pipe or file; the prompts are printed all the same.</summary>
internal sealed class StreamPrompter(Stream input, CtlOutput output, CtlOutput errors) : IPrompter
{
    private readonly StreamReader reader = new(input, new UTF8Encoding(false), detectEncodingFromByteOrderMarks: false);

    public bool SeesInterrupts => false;

    public string? ReadLine(string prompt)
    {
        output.Text(prompt);
        output.Flush();
        return reader.ReadLine();
    }

    public string? ReadPassword(string prompt)
    {
        errors.Text("Warning: Password input may be echoed.\n" + prompt);
        errors.Flush();
        return reader.ReadLine();
    }
}
