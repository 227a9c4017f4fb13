using Supervisor.Core;
using Supervisor.Core.CommandLine;
using Supervisor.Core.Configuration;
using Supervisor.Core.Configuration.Expansion;
using Supervisor.Core.Configuration.Loading;
using Supervisor.Core.Configuration.Options;
using Supervisor.Core.Configuration.Writers;
using Supervisor.Core.Ports;
using Supervisor.Daemon.CommandLine;
using Supervisor.Daemon.Hosting;
using Supervisor.Unix;

ProcessStart.Prepare();
var argv = Environment.GetCommandLineArgs();
switch (PosixPath.Name(argv[0]))
{
    case "pidproxy":
        return PidProxy.Run(argv[0], args);
    case "echo_supervisord_conf":
        StandardStreams.Write(StandardStreams.Output, SampleConfig.Text);
        return 0;
}

var wantsDaemon = DaemonArguments.WantsDaemon(args);
if (wantsDaemon)
{
    // May begin the program anew, once: nothing is open and no thread of ours runs yet.
    SignalMask.Ensure();
    ProcessSettings.TameNativeHeap();
}

var detached = Daemonizer.Inherited();
InheritedDescriptors.CloseOnExec();
var users = new UserDatabase();
var machine = new UnixConfigHost(users);
var argv0 = ProgramName.Resolve(argv[0], machine.Environment, machine.Exists);

try
{
    if (CheckArguments.IsAskedFor(args))
    {
        return CheckCommand.Run(CheckArguments.Parse(args), machine, new PosixFileSystem(), argv0);
    }

    if (HashPasswordCommand.IsAskedFor(args))
    {
        HashPasswordCommand.Run(args);
        return 0;
    }

    var arguments = DaemonArguments.Parse(args, argv0, new MachineDatatypes(machine, lenient: false));
    switch (arguments.Action)
    {
        case DaemonAction.Help:
            StandardStreams.Write(StandardStreams.Output, UsageText.Help(argv0));
            return 0;
        case DaemonAction.Version:
            StandardStreams.Write(StandardStreams.Output, ReferenceVersion.Text + "\n");
            return 0;
        case DaemonAction.DumpConfig:
            DumpConfigCommand.Run(arguments, machine);
            return 0;
    }

    if (detached is null)
    {
        RootSearchWarning.Write(arguments.Request, machine);
    }

    var config = SignalMask.Interruptible(() => new ConfigLoader(machine).Load(arguments.Request));
    if (!config.Supervisord.NoDaemon && detached is null)
    {
        return Daemonizer.Launch([argv[0], .. args]);
    }

    new DaemonHost(arguments.Request, machine, users, detached, argv0).Run(config);
    return 0;
}
catch (Exception e) when (e is UsageException or ConfigException or StartupException)
{
    StandardStreams.Write(StandardStreams.Error, UsageText.Error(argv0, e.Message));
    return 2;
}
catch (OutOfMemoryException)
{
    StandardStreams.Write(StandardStreams.Error, "supervisord: out of memory: more memory, address space (ulimit -v) or processes (ulimit -u) are needed\n");
    return 1;
}
catch (PosixException e)
{
    // What upstream dies of with a traceback (DMN-028): the last line of that, status 1.
    StandardStreams.Write(StandardStreams.Error, $"supervisord: {e.Message}\n");
    return 1;
}
