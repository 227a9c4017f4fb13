using Supervisor.Core.Configuration.Checking;
using Supervisor.Core.Configuration.Expansion;
using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Configuration.Options;
using Supervisor.Core.Events;

namespace Supervisor.Core.Configuration.Loading;

/// <summary>Everything that forms process groups, in the order Python Supervisor reads it (OPT-100..120).</summary>
internal sealed class GroupSections
{
    private readonly LoadContext _load;
    private readonly ProcessSections _processes;
    private readonly HashSet<string> _grouped = new(StringComparer.Ordinal);

    private GroupSections(LoadContext load, IReadOnlyDictionary<string, string> environment)
    {
        _load = load;
        _processes = new ProcessSections(load, environment);
    }

    /// <summary>Sorted by priority, then name by code point.</summary>
    public static IReadOnlyList<GroupConfig> Read(LoadContext load, IReadOnlyDictionary<string, string> environment)
    {
        var reader = new GroupSections(load, environment);
        var groups = new List<GroupConfig>();
        groups.AddRange(load.ReadEach(load.SectionsWith("group:"), reader.ReadGroup));
        groups.AddRange(load.ReadEach(reader.Ungrouped("program:"), reader.ReadProgram));
        groups.AddRange(load.ReadEach(load.SectionsWith("eventlistener:"), reader.ReadListener));
        groups.AddRange(load.ReadEach(reader.Ungrouped("fcgi-program:"), reader.ReadFcgiProgram));
        return [.. groups.OrderBy(g => g.Priority).ThenBy(g => g.Name, CodePointOrder.Comparer)];
    }

    private IEnumerable<string> Ungrouped(string prefix) => _load.SectionsWith(prefix).Where(s => !_grouped.Contains(s));

    private GroupConfig ReadGroup(string section)
    {
        var name = Datatypes.Name(LoadContext.Suffix(section));
        var reader = _load.Section(section, _load.CommonScope());
        var programs = reader.Get(GroupOptions.Programs);
        var priority = reader.Get(ProgramOptions.Priority);
        var processes = new List<ProcessConfig>();
        // Upstream's messages name the member before the faulty one (OPT-101).
        var blamed = section;
        foreach (var program in programs)
        {
            var isProgram = _load.Document.Has("program:" + program);
            var isFcgi = _load.Document.Has("fcgi-program:" + program);
            if (isProgram == isFcgi)
            {
                _load.Refuse(
                    isProgram
                        ? $"[{blamed}] name {program} is ambiguous (exists as program and fcgi-program)"
                        : $"[{blamed}] names unknown program or fcgi-program {program}",
                    section, GroupOptions.Programs.Name);
                continue;
            }

            blamed = (isProgram ? "program:" : "fcgi-program:") + program;
            _grouped.Add(blamed);
            // In a group an fcgi-program keeps its socket (QRK-008); without a socket line it stays the plain program it was.
            var socket = isFcgi && !string.IsNullOrEmpty(_load.Document.Get(blamed, FcgiOptions.Socket.Name)?.Text)
                ? FcgiSocketSection.Read(_load, blamed, Datatypes.Name(LoadContext.Suffix(blamed)))
                : null;
            processes.AddRange(_processes.Read(blamed, name, ProcessKind.Program).Select(p => p with { Socket = socket }));
        }

        return new GroupConfig { Kind = GroupKind.Group, Name = name, Priority = priority, Processes = processes };
    }

    private GroupConfig ReadProgram(string section)
    {
        var name = Datatypes.Name(LoadContext.Suffix(section));
        var priority = _load.Section(section, _load.CommonScope()).Get(ProgramOptions.Priority);
        return new GroupConfig
        {
            Kind = GroupKind.Group,
            Name = name,
            Priority = priority,
            Processes = _processes.Read(section, name, ProcessKind.Program),
        };
    }

    private GroupConfig ReadListener(string section)
    {
        var name = LoadContext.Suffix(section);
        var reader = _load.Section(section, _load.CommonScope());
        var priority = reader.Get(ListenerOptions.Priority);
        var bufferSize = reader.Get(ListenerOptions.BufferSize);
        if (bufferSize < 1)
        {
            _load.Refuse($"[{section}] section sets invalid buffer_size ({bufferSize})", section, ListenerOptions.BufferSize.Name);
        }

        var handler = reader.Get(ListenerOptions.ResultHandler);
        if (!_load.Machine.Lenient && handler != ListenerOptions.DefaultResultHandler)
        {
            _load.Refuse(
                $"{handler} cannot be resolved within [{section}]: Python result handlers cannot be loaded, only " +
                $"{ListenerOptions.DefaultResultHandler} is built in; remove the line",
                section, ListenerOptions.ResultHandler.Name);
        }

        var events = ReadEvents(section, reader);
        if (reader.Get(ProgramOptions.RedirectStderr))
        {
            _load.Refuse(
                $"[{section}] section sets redirect_stderr=true but this is not allowed because it will interfere with the " +
                "eventlistener protocol",
                section, ProgramOptions.RedirectStderr.Name);
        }

        return new GroupConfig
        {
            Kind = GroupKind.EventListener,
            Name = name,
            Priority = priority,
            Processes = _processes.Read(section, name, ProcessKind.EventListener),
            BufferSize = bufferSize,
            Events = events,
            ResultHandler = handler,
        };
    }

    private List<EventType> ReadEvents(string section, SectionReader reader)
    {
        var names = (reader.Get(ListenerOptions.Events) ?? []).Select(n => n.ToUpperInvariant()).Distinct(StringComparer.Ordinal).ToList();
        if (names.Count == 0)
        {
            _load.Refuse($"[{section}] section requires an \"events\" line", section, ListenerOptions.Events.Name);
        }

        var events = new List<EventType>();
        foreach (var name in names)
        {
            if (EventTypes.Find(name) is { } known)
            {
                events.Add(known);
            }
            else
            {
                var hint = _load.Findings is not null && Similar.To(name, EventTypes.Names) is { } similar ? $"; did you mean {similar}?" : "";
                _load.Refuse($"Unknown event type {name} in [{section}] events{hint}", section, ListenerOptions.Events.Name);
            }
        }

        return events;
    }

    private GroupConfig ReadFcgiProgram(string section)
    {
        var name = Datatypes.Name(LoadContext.Suffix(section));
        var priority = _load.Section(section, _load.CommonScope()).Get(ProgramOptions.Priority);
        var socket = FcgiSocketSection.Read(_load, section, name);
        return new GroupConfig
        {
            Kind = GroupKind.FcgiProgram,
            Name = name,
            Priority = priority,
            Processes = [.. _processes.Read(section, name, ProcessKind.FcgiProgram).Select(p => p with { Socket = socket })],
            Socket = socket,
        };
    }
}
