using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Engine;
using Supervisor.Core.Events;

namespace Supervisor.Core.Processes;

/// <summary>What all processes of an engine share.</summary>
internal sealed class ProcessContext(EnginePorts ports, EngineClock clock, EventBus bus, FaultGuard guard, string? serverUrl)
{
    // Python Supervisor reads at most this much at a time; one buffer serves the whole loop.
    private const int ReadSize = 131072;
    private readonly byte[] _readBuffer = new byte[ReadSize];

    public EnginePorts Ports => ports;
    public EngineClock Clock => clock;
    public EventBus Bus => bus;

    public FaultGuard Guard => guard;

    /// <summary>Fixed when the daemon starts; a reread does not change it (DMN-083).</summary>
    public string? ServerUrl => serverUrl;

    public byte[] ReadBuffer => _readBuffer;

    /// <summary>Live processes by pid.</summary>
    public Dictionary<int, ManagedProcess> Children { get; } = [];

    /// <summary>Logs that outlive their processes for a while.</summary>
    public PendingLogs Lingering => field ??= new PendingLogs(this);

    /// <summary>The live configuration's daemon section; a reread replaces it (DMN-081).</summary>
    public required SupervisordConfig Settings { get; set; }

    public required SupervisorState State { get; set; }

    /// <summary>Something changed that a transition may have to act on: the coming turn walks the processes.</summary>
    public bool Dirty { get; set; } = true;

    /// <summary>An event came or a listener is free again: the coming turn asks the pools alone.</summary>
    public bool EventsMove { get; set; }

    /// <summary>A listener is in the middle of its answer, or has just been given an event: it will most likely speak within microseconds.</summary>
    public bool ListenerSpeaks { get; set; }
}
