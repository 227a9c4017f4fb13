using System.Text;
using Supervisor.Ctl.Output;
using Supervisor.Ctl.Shell;

namespace Supervisor.Ctl.Tests.Support;

/// <summary>What one command line printed and returned.</summary>
internal sealed record Said(string Output, string Errors, int Status);

/// <summary>A controller in memory with a scripted server at its other end.</summary>
internal sealed class CtlRig : IDisposable
{
    public FakeServer Server { get; } = new();

    public CtlSettings? Settings { get; set; }

    public Interrupts Interrupts { get; } = new();

    public bool Colours { get; set; }

    public Said Run(string line, string input = "", bool interactive = false) => Drive(input, interactive, c => c.Run(line));

    public Said Shell(string input) => Drive(input, true, c => InteractiveShell.Run(c, () => { }));

    public void Dispose()
    {
        Interrupts.Dispose();
        Server.Dispose();
    }

    private Said Drive(string input, bool interactive, Action<Controller> act)
    {
        using var outBytes = new MemoryStream();
        using var errBytes = new MemoryStream();
        var output = new CtlOutput(outBytes, isTerminal: false, Colours);
        var errors = new CtlOutput(errBytes);
        var settings = Settings ?? new CtlSettings { ServerUrl = Server.Url, Interactive = interactive };
        var prompter = new StreamPrompter(new MemoryStream(Encoding.UTF8.GetBytes(input)), output, errors);
        using var controller = new Controller(TestCodec.Codec, settings, output, errors, prompter, Interrupts);
        act(controller);
        output.Flush();
        errors.Flush();
        return new Said(Encoding.UTF8.GetString(outBytes.ToArray()), Encoding.UTF8.GetString(errBytes.ToArray()), controller.ExitStatus);
    }
}
