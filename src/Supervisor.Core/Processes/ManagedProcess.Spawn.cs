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
        _startBroken = _staysDown = false;
        _exitStatus = null;
        _lastStart = _context.Clock.Wall;
        _lastStartElapsed = _context.Clock.Elapsed;
        SpawnAttempt? attempt = null;
        try
        {
            Change(ProcessTrigger.Spawn);
            attempt = new SpawnAttempt();
            // Once there is a child, taking note of it must not need memory.
            _context.Children.EnsureCapacity(_context.Children.Count + 1);
            TrySpawn(attempt);
        }
        catch (Exception e)
        {
            AbandonStart(attempt, e);
        }
        finally
        {
            if (State == ProcessState.Starting && Pid == 0)
            {
                // STARTING without a child would never end.
                SpawnError ??= "unexpected error";
                Change(ProcessTrigger.StartFailed);
            }
        }
    }

    private void TrySpawn(SpawnAttempt attempt)
    {
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

        if (!TryOpenSinks(attempt))
        {
            _group.Sockets.Release(this);
            return;
        }

        var request = new SpawnRequest
        {
            FileName = command.FileName,
            Arguments = command.Arguments,
            Environment = ChildEnvironment.Compose(
                _context.Ports.Environment, _context.Settings.SecretVariables, Config.ServerUrl ?? _context.ServerUrl, Name, _group.Name, Config.Environment),
            Directory = Config.Directory,
            Umask = Config.Umask,
            Uid = Config.Uid,
            RedirectStderr = MergesStderr,
            StdinSocket = socket,
        };
        var result = _context.Ports.Host.Spawn(request);
        if (result.Stage != SpawnStage.Started)
        {
            attempt.Release(this, _context.Guard);
            _group.Sockets.Release(this);
            FailStart(DescribeSpawnFailure(result));
            return;
        }

        attempt.Spawned(result);
        Adopt(attempt);
    }

    /// <summary>Something unexpected, or a descriptor that cannot be watched, ended the start: nothing of it stays behind.</summary>
    private void AbandonStart(SpawnAttempt? attempt, Exception e)
    {
        if (e is not PosixException)
        {
            _context.Guard.Report(this, "the start", e);
        }

        attempt?.Release(this, _context.Guard);
        if (attempt is { Pid: > 0 })
        {
            // Its output would fill the pipe and stop it, unseen. The end of it is a failed start like any other, and is tried again.
            NoteChild(attempt.Pid);
            Log.Critical($"cannot watch the output of '{Name}' with pid {Pid}, it is killed: {e.Message}");
            _startBroken = true;
            SpawnError = $"cannot watch the output of '{Name}': {e.Message}";
            Log.Info($"spawnerr: {SpawnError}");
            KillBrokenStart();
            return;
        }

        _context.Guard.Run(this, "closing the socket", static p => p._group.Sockets.Release(p));
        if (State == ProcessState.Starting)
        {
            FailStart(DescribeUnexpected(e));
        }
    }

    private string DescribeUnexpected(Exception e) => e switch
    {
        PosixException posix => DescribeForkFailure(posix.Errno),
        OutOfMemoryException => DescribeForkFailure(Posix.ENOMEM),
        _ => $"unexpected error starting '{Name}': {e.Message}",
    };

    // A listener's stderr must never mix into the protocol on its stdout.
    private bool MergesStderr => Config.RedirectStderr && Config.Kind != ProcessKind.EventListener;

    private string DescribeSpawnFailure(SpawnResult result) => result.Stage switch
    {
        SpawnStage.Pipes => DescribeDispatcherFailure(result.Errno),
        _ => DescribeForkFailure(result.Errno),
    };

    private string DescribeForkFailure(int errno) => errno == Posix.EAGAIN
        ? $"Too many processes in process table to spawn '{Name}'"
        : $"unknown error during fork for '{Name}': {Posix.NameOf(errno)}";

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
            FailStart(Groups.GroupSockets.Describe(Config.Socket, e));
            return false;
        }
    }

    private bool TryOpenSinks(SpawnAttempt attempt)
    {
        try
        {
            var strip = _context.Settings.StripAnsi;
            attempt.StdoutSink = Listener is null
                ? _context.Ports.Sinks.Create(Name, OutputChannel.Stdout, Config.Stdout, StdoutLogPath, strip, this)
                : _context.Ports.Sinks.CreateForListener(Name, Config.Stdout, StdoutLogPath, strip);
            if (!MergesStderr)
            {
                attempt.StderrSink = _context.Ports.Sinks.Create(Name, OutputChannel.Stderr, Config.Stderr, StderrLogPath, strip, this);
            }

            return true;
        }
        catch (PosixException e)
        {
            attempt.Release(this, _context.Guard);
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

    private void Adopt(SpawnAttempt attempt)
    {
        NoteChild(attempt.Pid);
        Listener?.Reset();
        if (attempt.Stdin is { } stdin)
        {
            _stdin = new StdinPipe(_context, this, stdin);
            attempt.StdinTaken();
        }

        _stdout = new OutputPipe(_context, this, OutputChannel.Stdout, attempt.Stdout!, attempt.StdoutSink!);
        attempt.StdoutTaken();
        if (attempt is { Stderr: { } stderr, StderrSink: { } sink })
        {
            _stderr = new OutputPipe(_context, this, OutputChannel.Stderr, stderr, sink);
            attempt.StderrTaken();
        }

        Log.Info($"spawned: '{Name}' with pid {Pid}");
        SpawnError = null;
    }

    private void NoteChild(int pid)
    {
        Pid = pid;
        _context.Children[pid] = this;
    }

    // Again and again until it is reaped: nothing else will ever end it.
    private void KillBrokenStart()
    {
        _deadline = _context.Clock.Elapsed + s_killPace;
        _context.Dirty = true;
        _ = Send(-Pid, SignalNames.Kill);
    }
}
