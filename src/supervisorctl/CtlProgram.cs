using Supervisor.Core.CommandLine;
using Supervisor.Core.Configuration;
using Supervisor.Ctl.CommandLine;
using Supervisor.Ctl.Hosting;
using Supervisor.Ctl.Output;
using Supervisor.Ctl.Shell;
using Supervisor.Rpc.Client;

namespace Supervisor.Ctl;

/// <summary>From the command line to the exit status.</summary>
internal static class CtlProgram
{
    private const int UsageStatus = 2;

    /// <param name="program">Path this program was started by, for usage texts.</param>
    /// <param name="load">Lays the arguments over the configuration file; may throw <see cref="ConfigException"/>.</param>
    /// <exception cref="IOException">Nobody reads the output any more.</exception>
    public static int Run(
        string[] args, string program, RpcCodec codec, Func<CtlArguments, CtlSettings> load, CtlOutput output, CtlOutput errors)
    {
        CtlArguments arguments;
        CtlSettings settings;
        try
        {
            arguments = CtlArguments.Parse(args);
            if (arguments.Help)
            {
                output.Text(UsageText.Help(program));
                output.Flush();
                return ExitStatus.Success;
            }

            settings = load(arguments);
        }
        catch (Exception e) when (e is UsageException or ConfigException)
        {
            errors.Text(UsageText.Error(program, e.Message));
            errors.Flush();
            return UsageStatus;
        }

        using var interrupts = new Interrupts();
        return arguments.Action.Length > 0
            ? RunAction(arguments, codec, settings, output, errors, interrupts)
            : RunShell(codec, settings, output, errors, interrupts);
    }

    /// <summary>All arguments are one command line (CLI-014).</summary>
    private static int RunAction(
        CtlArguments arguments, RpcCodec codec, CtlSettings settings, CtlOutput output, CtlOutput errors, Interrupts interrupts)
    {
        var prompter = Prompters.Create(output, errors, new History(), () => null);
        using var controller = new Controller(codec, settings, output, errors, prompter, interrupts);
        controller.Run(string.Join(' ', arguments.Action));
        return Finish(controller, controller.ExitStatus);
    }

    /// <summary>The status of a shell is always 0 (CLI-015).</summary>
    private static int RunShell(RpcCodec codec, CtlSettings settings, CtlOutput output, CtlOutput errors, Interrupts interrupts)
    {
        var history = new History();
        if (settings.HistoryFile is { } file)
        {
            history.Load(file);
        }

        // Tab asks over a connection of its own, because it may be pressed in the middle of fg.
        var completion = new Completion(() =>
        {
            using var client = new SupervisorClient(
                new RpcClient(codec, ServerAddress.Parse(settings.ServerUrl), settings.Username, settings.Password));
            return client.GetAllProcessInfo();
        });

        var prompter = Prompters.Create(output, errors, history, () => completion);
        using var controller = new Controller(codec, settings, output, errors, prompter, interrupts) { CommandStarts = completion.Forget };
        InteractiveShell.Run(controller, () =>
        {
            if (settings.HistoryFile is { } path)
            {
                history.Save(path);
            }
        });

        return Finish(controller, ExitStatus.Success);
    }

    private static int Finish(Controller controller, int status)
    {
        controller.Errors.Flush();
        controller.Output.Flush();
        return status;
    }
}
