using Supervisor.Core.CommandLine;
using Supervisor.Ctl;
using Supervisor.Ctl.Hosting;
using Supervisor.Ctl.Output;
using Supervisor.Rpc.Client;
using Supervisor.Rpc.Wire;
using Supervisor.Unix;

// Before anything opens a file: nothing of the runtime may become the shell's input.
ProcessStart.Prepare();
var host = new SystemConfigHost();
var program = ProgramName.Resolve(Environment.GetCommandLineArgs()[0], host.Environment, host.Exists);
var errors = new CtlOutput(Console.OpenStandardError());
try
{
    return CtlProgram.Run(
        args, program, new RpcCodec(XmlRpcWriter.WriteCall, XmlRpcReader.ReadResponse), a => SettingsLoader.Load(a, host, program),
        Terminal.OpenOutput(), errors);
}
catch (IOException e)
{
    // Nobody reads our output any more (`| head`): there is nowhere left to show results.
    try
    {
        errors.Line($"supervisorctl: {e.Message}");
        errors.Flush();
    }
    catch (IOException)
    {
        // Nor errors.
    }

    return 1;
}
