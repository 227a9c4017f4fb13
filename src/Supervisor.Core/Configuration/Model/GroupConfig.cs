using Supervisor.Core.Events;

namespace Supervisor.Core.Configuration.Model;

public enum GroupKind
{
    /// <summary><c>[group:x]</c>, or a <c>[program:x]</c> that forms a group of its own.</summary>
    Group,
    EventListener,
    FcgiProgram,
}

/// <summary>One process group as configured.</summary>
public sealed record GroupConfig
{
    public required GroupKind Kind { get; init; }
    public required string Name { get; init; }
    public required int Priority { get; init; }
    /// <summary>In Python Supervisor's stored order (OPT-104).</summary>
    public required IReadOnlyList<ProcessConfig> Processes { get; init; }
    /// <summary>eventlistener: events kept per pool, at least 1.</summary>
    public int BufferSize { get; init; } = 10;
    /// <summary>eventlistener: subscriptions as configured, upper-cased, without duplicates.</summary>
    public IReadOnlyList<EventType> Events { get; init; } = [];
    public string ResultHandler { get; init; } = "supervisor.dispatchers:default_handler";
    public FcgiSocketConfig? Socket { get; init; }
}

/// <summary><c>[fcgi-program:x] socket=</c> and its companions.</summary>
public sealed record FcgiSocketConfig
{
    /// <summary><c>unix://PATH</c> or <c>tcp://HOST:PORT</c>.</summary>
    public required string Url { get; init; }
    public int? Backlog { get; init; }
    public (int Uid, int Gid)? Owner { get; init; }
    /// <summary>Lenient reading only: names as written where they have no number.</summary>
    public string? UnresolvedOwner { get; init; }
    public string? UnresolvedGroup { get; init; }
    public int? Mode { get; init; }
}
