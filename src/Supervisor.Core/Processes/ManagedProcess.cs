using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Engine;
using Supervisor.Core.Events;
using Supervisor.Core.Groups;
using Supervisor.Core.Output;
using Supervisor.Core.Ports;

namespace Supervisor.Core.Processes;

/// <summary>One supervised process: its mutable state, owned by the loop thread. Cut by phase: spawn, stop, exit, transition, output.</summary>
internal sealed partial class ManagedProcess : ISupervisedProcess
{
    private readonly ProcessContext _context;
    private readonly ManagedGroup _group;
    private readonly List<Action<StartOutcome>> _startWaiters = [];
    private readonly List<Action> _stopWaiters = [];

    private int? _exitStatus;
    private int _backoff;
    // Wall-clock times are only printed; the monotonic twin decides.
    private DateTimeOffset? _lastStart;
    private TimeSpan _lastStartElapsed;
    private DateTimeOffset? _lastStop;
    // End of the BACKOFF pause or of stopwaitsecs, or the next SIGKILL of a broken start; on the monotonic clock.
    private TimeSpan _deadline;
    private TimeSpan? _lastStopReport;
    // Its last transition threw: not tried again before then.
    private TimeSpan? _heldUntil;
    // There is a child, but it could not be taken over: it is being killed, and its end is a failed start.
    private bool _startBroken;
    // A stop was refused by the kernel: its end, whenever it comes, is no reason to start it again.
    private bool _staysDown;

    private StdinPipe? _stdin;
    private OutputPipe? _stdout;
    private OutputPipe? _stderr;

    public ManagedProcess(ProcessContext context, ManagedGroup group, ProcessConfig config)
    {
        _context = context;
        _group = group;
        Config = config;
        StdoutLogPath = LogPath(config.Stdout.LogFile, OutputChannel.Stdout);
        StderrLogPath = LogPath(config.Stderr.LogFile, OutputChannel.Stderr);
        Listener = config.Kind == ProcessKind.EventListener ? new ListenerState(this) : null;
    }

    public ISupervisedGroup Group => _group;
    public ProcessConfig Config { get; }
    public ProcessState State { get; private set; }
    public int Pid { get; private set; }
    public bool Killing { get; private set; }
    public string? SpawnError { get; private set; }
    public bool RestartPending => State == ProcessState.Exited && WantsRestart;
    public string? StdoutLogPath { get; }
    public string? StderrLogPath { get; }

    /// <summary>The listener protocol's side of an eventlistener's process, null for other kinds.</summary>
    public ListenerState? Listener { get; }

    internal string Name => Config.Name;
    internal ManagedGroup Owner => _group;
    internal IActivityLog Log => _context.Ports.Log;
    internal ProcessContext Context => _context;

    /// <summary>What <see cref="ProcessState"/> events print (EVT-062..065).</summary>
    internal int Tries => _backoff;

    public ProcessReport Report()
    {
        var now = _context.Clock.Wall.ToUnixTimeSeconds();
        return new ProcessReport
        {
            Name = Name,
            Group = _group.Name,
            Start = _lastStart?.ToUnixTimeSeconds() ?? 0,
            Stop = _lastStop?.ToUnixTimeSeconds() ?? 0,
            Now = now,
            State = State,
            SpawnError = SpawnError ?? "",
            ExitStatus = _exitStatus ?? 0,
            StdoutLogFile = StdoutLogPath ?? "",
            StderrLogFile = StderrLogPath ?? "",
            Pid = Pid,
            RestartPending = RestartPending,
            Description = Describe(now),
        };
    }

    public CommandProblem? CheckCommand()
    {
        CommandLookup.Resolve(Config.Command, Config.Environment, _context.Ports.Environment, _context.Ports.Files, out var problem);
        return problem;
    }

    public void WhenStarted(Action<StartOutcome> then)
    {
        if (DecideStart() is { } outcome)
        {
            then(outcome);
        }
        else
        {
            _startWaiters.Add(then);
        }
    }

    public void WhenStopped(Action then)
    {
        if (State.IsStoppedSet())
        {
            then();
        }
        else
        {
            _stopWaiters.Add(then);
            ReportStopping();
        }
    }

    /// <summary>For reports of unexpected errors.</summary>
    public override string ToString() => $"process {_group.Name}:{Name}";

    private void Change(ProcessTrigger trigger, bool expected = true)
    {
        var from = State;
        var next = ProcessTransitions.Next(from, trigger)
            ?? throw new InvalidOperationException($"{Name}: {trigger} must not happen in state {from.WireName()}");
        if (next == from)
        {
            return;
        }

        State = next;
        _context.Dirty = true;
        if (next == ProcessState.Backoff)
        {
            _backoff++;
            _deadline = _context.Clock.Elapsed + TimeSpan.FromSeconds(_backoff);
        }

        ProcessEvents.StateChanged(_context.Bus, this, from, expected);
        AnswerWaiters();
    }

    private void AnswerWaiters()
    {
        if (_startWaiters.Count > 0 && DecideStart() is { } outcome)
        {
            var waiters = _startWaiters.ToArray();
            _startWaiters.Clear();
            foreach (var waiter in waiters)
            {
                _context.Guard.Run((this, waiter, outcome), "the answer to a start", static x => x.waiter(x.outcome));
            }
        }

        if (_stopWaiters.Count > 0 && State.IsStoppedSet())
        {
            var waiters = _stopWaiters.ToArray();
            _stopWaiters.Clear();
            foreach (var waiter in waiters)
            {
                _context.Guard.Run((this, waiter), "the answer to a stop", static x => x.waiter());
            }
        }
    }

    // RPC-046: a spawn error wins over the state it leads to.
    private StartOutcome? DecideStart() => SpawnError is not null ? StartOutcome.SpawnError : State switch
    {
        ProcessState.Running => StartOutcome.Running,
        ProcessState.Starting => null,
        _ => StartOutcome.AbnormalTermination,
    };

    private string Describe(long now) => State switch
    {
        ProcessState.Running => $"pid {Pid}, uptime {Durations.Uptime(now - (_lastStart?.ToUnixTimeSeconds() ?? now))}",
        ProcessState.Fatal or ProcessState.Backoff => string.IsNullOrEmpty(SpawnError) ? $"unknown error (try \"tail {Name}\")" : SpawnError,
        ProcessState.Stopped or ProcessState.Exited => _lastStart is null
            ? "Not started"
            : Durations.StopTime(_context.Clock.ToLocal(_lastStop ?? DateTimeOffset.UnixEpoch)),
        _ => "",
    };

    private string? LogPath(LogTarget target, OutputChannel channel) => target.Kind switch
    {
        LogTargetKind.File => string.IsNullOrEmpty(target.Path) ? null : target.Path,
        LogTargetKind.Auto => AutoLogFiles.Create(
            _context.Ports.Files, _context.Settings.ChildLogDir, Name, channel, _context.Settings.Identifier),
        _ => null,
    };
}
