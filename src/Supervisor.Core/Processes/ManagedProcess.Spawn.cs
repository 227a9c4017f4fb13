using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Output;
using Supervisor.Core.Ports;

namespace Supervisor.Core.Processes;

internal sealed partial class ManagedProcess
{
    public void Spawn()
    {
        if (Pid != 0)
        {
            Log.Warn($"process '{Name}' already running");
            return;
        }

        if (ProcessTransitions.Next(State, ProcessTrigger.Spawn) is null)
        {
            // UNKNOWN: nothing leaves it by itself, and the RPC layer has refused an operator's start already.
            return;
        }

        Killing = false;
        SpawnError = null;
        _exitStatus = null;
        _lastStart = _context.Clock.Wall;
        _lastStartElapsed = _context.Clock.Elapsed;
        Change(ProcessTrigger.Spawn);

        var command = CommandLookup.Resolve(
            Config.Command, Config.Environment, _context.Ports.Environment, _context.Ports.Files, out var problem);
        if (command is null)
        {
            FailStart(problem!.Message);
            return;
        }

        if (!TryOpenSocket(out var socket))
        {
            return;
        }

        if (!TryOpenSinks(out var stdout, out var stderr))
        {
            _group.Sockets.Release(this);
            return;
        }

        var request = new SpawnRequest
        {
            FileName = command.FileName,
            Arguments = command.Arguments,
            Environment = ChildEnvironment.Compose(
                _context.Ports.Environment, Config.ServerUrl ?? _context.ServerUrl, Name, _group.Name, Config.Environment),
            Directory = Config.Directory,
            Umask = Config.Umask,
            Uid = Config.Uid,
            RedirectStderr = MergesStderr,
            StdinSocket = socket,
        };
        var result = _context.Ports.Host.Spawn(request);
        if (result.Stage != SpawnStage.Started)
        {
            stdout.Close();
            stderr?.Close();
            _group.Sockets.Release(this);
            FailStart(DescribeSpawnFailure(result));
            return;
        }

        Adopt(result, stdout, stderr);
    }

    // A listener's stderr must never mix into the protocol on its stdout.
    private bool MergesStderr => Config.RedirectStderr && Config.Kind != ProcessKind.EventListener;

    private string DescribeSpawnFailure(SpawnResult result) => result.Stage switch
    {
        SpawnStage.Pipes => DescribeDispatcherFailure(result.Errno),
        _ when result.Errno == Posix.EAGAIN => $"Too many processes in process table to spawn '{Name}'",
        _ => $"unknown error during fork for '{Name}': {Posix.NameOf(result.Errno)}",
    };

    private string DescribeDispatcherFailure(int errno) => errno == Posix.EMFILE
        ? $"too many open files to spawn '{Name}'"
        : $"unknown error making dispatchers for '{Name}': {Posix.NameOf(errno)}";

    private bool TryOpenSocket(out int? socket)
    {
        socket = null;
        if (Config.Socket is null)
        {
            return true;
        }

        try
        {
            socket = _group.Sockets.Acquire(this, Config.Socket);
            return true;
        }
        catch (FcgiSocketException e)
        {
            // Upstream lets this escape, which kills the daemon on an automatic restart (SPN-046).
            FailStart($"Could not create FastCGI socket {Config.Socket.Url}: {e.Message}");
            return false;
        }
    }

    private bool TryOpenSinks(out IOutputSink stdout, out IOutputSink? stderr)
    {
        stdout = null!;
        stderr = null;
        try
        {
            var strip = _context.Settings.StripAnsi;
            stdout = Listener is null
                ? _context.Ports.Sinks.Create(Name, OutputChannel.Stdout, Config.Stdout, StdoutLogPath, strip, this)
                : _context.Ports.Sinks.CreateForListener(Name, Config.Stdout, StdoutLogPath, strip);
            if (!MergesStderr)
            {
                stderr = _context.Ports.Sinks.Create(Name, OutputChannel.Stderr, Config.Stderr, StderrLogPath, strip, this);
            }

            return true;
        }
        catch (PosixException e)
        {
            stdout?.Close();
            FailStart(DescribeDispatcherFailure(e.Errno));
            return false;
        }
    }

    private void FailStart(string message)
    {
        SpawnError = message;
        Log.Info($"spawnerr: {message}");
        Change(ProcessTrigger.StartFailed);
    }

    private void Adopt(SpawnResult result, IOutputSink stdout, IOutputSink? stderr)
    {
        Pid = result.Pid;
        _context.Children[Pid] = this;
        Listener?.Reset();
        _stdin = result.Stdin is null ? null : new StdinPipe(_context, this, result.Stdin);
        var watched = TryWatch(OutputChannel.Stdout, result.Stdout!, stdout, out _stdout);
        if (result.Stderr is not null && stderr is not null)
        {
            watched &= TryWatch(OutputChannel.Stderr, result.Stderr, stderr, out _stderr);
        }

        Log.Info($"spawned: '{Name}' with pid {Pid}");
        SpawnError = null;
        if (!watched)
        {
            // Its output would fill the pipe and stop it, unseen. The end of it is a failed start like any other, and is tried again.
            _context.Ports.Host.Kill(-Pid, SignalNames.Kill);
        }
    }

    private bool TryWatch(OutputChannel channel, IPipe pipe, IOutputSink sink, out OutputPipe? output)
    {
        try
        {
            output = new OutputPipe(_context, this, channel, pipe, sink);
            return true;
        }
        catch (PosixException e)
        {
            Log.Critical($"cannot watch the output of '{Name}' with pid {Pid}, it is killed: {e.Message}");
            pipe.Dispose();
            sink.Close();
            output = null;
            return false;
        }
    }
}
