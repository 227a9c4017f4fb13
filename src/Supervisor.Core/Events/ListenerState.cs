using System.Text;
using Supervisor.Core.Configuration.Expansion;
using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Groups;
using Supervisor.Core.Ports;
using Supervisor.Core.Processes;

namespace Supervisor.Core.Events;

/// <summary>Listener states with Python Supervisor's codes (EVT-010).</summary>
internal enum ListenerPhase
{
    Ready = 10,
    Busy = 20,
    Acknowledged = 30,
    Unknown = 40,
}

/// <summary>
/// The listener protocol as spoken by one process on its stdout (EVT-010..019). Tokens may be cut or joined anywhere (EVT-015):
/// <code>
/// ACKNOWLEDGED --"READY\n"--> READY --event written--> BUSY --"RESULT n\n" + n bytes--> ACKNOWLEDGED
/// anything else --> UNKNOWN, for the rest of the process's life
/// </code>
/// </summary>
internal sealed class ListenerState(ManagedProcess process)
{
    // A result line or a result beyond this is no listener; without a limit it would cost memory without end.
    private const int MaximumResultLine = 1024 * 1024;
    private const int ResultTokenLength = 7;

    private readonly List<byte> _buffer = [];
    private readonly List<byte> _result = [];
    private long? _resultLength;

    public ListenerPhase Phase { get; private set; } = ListenerPhase.Acknowledged;

    /// <summary>The event being processed; put back when the process fails it.</summary>
    public SupervisorEvent? Current { get; private set; }

    private static ReadOnlySpan<byte> ReadyToken => "READY\n"u8;

    private ListenerPool Pool => (ListenerPool)process.Owner;

    private IActivityLog Log => process.Log;

    /// <summary>A new child starts from scratch.</summary>
    public void Reset()
    {
        Phase = ListenerPhase.Acknowledged;
        Current = null;
        _buffer.Clear();
        _result.Clear();
        _resultLength = null;
    }

    /// <summary>An event was written to the process. Not a logged change in Python Supervisor.</summary>
    public void Begin(SupervisorEvent item)
    {
        Phase = ListenerPhase.Busy;
        Current = item;
    }

    /// <summary>Dying with an event in hand puts it back (PSM-033).</summary>
    public void ChildGone()
    {
        if (Current is { } item)
        {
            Current = null;
            Pool.PutBack(item);
        }
    }

    public void Receive(ReadOnlySpan<byte> data)
    {
        _buffer.AddRange(data);
        while (_buffer.Count > 0 && Step())
        {
        }
    }

    // One step of the protocol; false when more bytes are needed.
    private bool Step() => Phase switch
    {
        ListenerPhase.Acknowledged => AwaitReady(),
        ListenerPhase.Busy => _resultLength is { } length ? AwaitResult(length) : AwaitResultLine(),
        // READY must be silent until an event comes; UNKNOWN ignores everything (EVT-011, EVT-019).
        ListenerPhase.Ready => Violate(),
        _ => Discard(),
    };

    private bool AwaitReady()
    {
        if (_buffer.Count < ReadyToken.Length)
        {
            return false;
        }

        if (!CollectionSpan(ReadyToken.Length).SequenceEqual(ReadyToken))
        {
            return Violate();
        }

        _buffer.RemoveRange(0, ReadyToken.Length);
        Current = null;
        Enter(ListenerPhase.Ready);
        return true;
    }

    private bool AwaitResultLine()
    {
        var end = _buffer.IndexOf((byte)'\n');
        if (end < 0)
        {
            if (_buffer.Count > MaximumResultLine)
            {
                BadResultLine(_buffer.Count);
            }

            return false;
        }

        // The first seven bytes are skipped unchecked (EVT-012).
        var digits = end > ResultTokenLength ? Encoding.Latin1.GetString(CollectionSpan(end)[ResultTokenLength..]) : "";
        if (!PythonText.TryParseInt(digits, 10, out var length) || length < 0)
        {
            BadResultLine(end);
            return false;
        }

        _buffer.RemoveRange(0, end + 1);
        _resultLength = length;
        return true;
    }

    private bool AwaitResult(long length)
    {
        var take = (int)Math.Min(length - _result.Count, _buffer.Count);
        _result.AddRange(CollectionSpan(take));
        _buffer.RemoveRange(0, take);
        if (_result.Count > MaximumResultLine)
        {
            RejectCurrent(ListenerPhase.Unknown, "event caused an error");
            return false;
        }

        if (_result.Count < length)
        {
            return false;
        }

        if (CollectionsEqual("OK"u8))
        {
            Current = null;
            process.Context.ListenerSpeaks = true;
            if (Log.IsEnabled(LogLevel.Debug))
            {
                Log.Debug($"{process.Name}: event was processed");
            }

            Enter(ListenerPhase.Acknowledged);
        }
        else
        {
            RejectCurrent(ListenerPhase.Acknowledged, "event was rejected");
        }

        _result.Clear();
        _resultLength = null;
        return true;
    }

    private void RejectCurrent(ListenerPhase next, string reason)
    {
        Log.Warn($"{process.Name}: {reason}");
        Enter(next);
        ChildGone();
    }

    private void BadResultLine(int length)
    {
        var line = CollectionSpan(length);
        string text;
        try
        {
            text = new UTF8Encoding(false, true).GetString(line);
        }
        catch (DecoderFallbackException)
        {
            text = "Undecodable: " + PythonRepr.OfBytes(line);
        }

        Log.Warn($"{process.Name}: bad result line: '{text}'");
        Enter(ListenerPhase.Unknown);
        _buffer.Clear();
        ChildGone();
    }

    private bool Violate()
    {
        Current = null;
        _buffer.Clear();
        Enter(ListenerPhase.Unknown);
        return false;
    }

    private bool Discard()
    {
        _buffer.Clear();
        return false;
    }

    private void Enter(ListenerPhase next)
    {
        if (Log.IsEnabled(LogLevel.Debug))
        {
            Log.Debug($"{process.Name}: {WireName(Phase)} -> {WireName(next)}");
        }

        Phase = next;
        process.Context.EventsMove = true;
        if (next == ListenerPhase.Unknown)
        {
            Log.Warn(
                $"{process.Name}: has entered the UNKNOWN state and will no longer receive events, this usually indicates the process violated the eventlistener protocol");
        }
    }

    private ReadOnlySpan<byte> CollectionSpan(int length) =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_buffer)[..length];

    private bool CollectionsEqual(ReadOnlySpan<byte> expected) =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_result).SequenceEqual(expected);

    private static string WireName(ListenerPhase phase) => phase switch
    {
        ListenerPhase.Ready => "READY",
        ListenerPhase.Busy => "BUSY",
        ListenerPhase.Acknowledged => "ACKNOWLEDGED",
        _ => "UNKNOWN",
    };
}
