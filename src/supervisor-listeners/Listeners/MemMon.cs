using System.Globalization;
using Supervisor.Core.CommandLine;
using Supervisor.Listeners.Delivery;
using Supervisor.Listeners.Protocol;
using Supervisor.Rpc.Contract;

namespace Supervisor.Listeners.Listeners;

/// <summary>Restarts programs that use too much memory; subscribe to TICK_60. Options as superlance's memmon.</summary>
internal sealed class MemMon : IEventListener
{
    public const string Usage = """
        memmon [-c] [-p PROCESS=SIZE]... [-g GROUP=SIZE]... [-a SIZE] [-s SENDMAIL] [-m ADDRESS] [-u UPTIME] [-n NAME]

        Restarts processes whose resident memory is too large. Subscribe it to TICK_60. SIZE is a number of bytes, or has KB, MB or GB behind it.

        -c/--cumulative -- count a process with all its descendants
        -p/--program NAME=SIZE -- limit of a process, NAME or GROUP:NAME; repeatable
        -g/--group NAME=SIZE -- limit of each process of a group; repeatable
        -a/--any SIZE -- limit of every process
        -s/--sendmail_program COMMAND -- takes the message on stdin (default: /usr/sbin/sendmail -t -i)
        -m/--email ADDRESS -- tell somebody of each restart
        -u/--uptime TIME -- but only of processes that ran no longer than this: seconds, or with m, h or d behind it
        -n/--name NAME -- stands in the subject

        """;

    private readonly IListenerWorld _world;
    private readonly SortedDictionary<string, long> _programs = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _groups = new(StringComparer.Ordinal);
    private readonly long? _any;
    private readonly bool _cumulative;
    private readonly long _uptimeLimit = long.MaxValue;
    private readonly string? _name;
    private readonly Mailer _mailer;

    public MemMon(string[] args, IListenerWorld world)
    {
        _world = world;
        var sendmail = Mailer.DefaultCommand;
        string? address = null;
        var (options, _) = GetOpt.Parse(args, "cp:g:a:s:m:u:n:",
            ["cumulative", "program=", "group=", "any=", "sendmail_program=", "email=", "uptime=", "name="]);
        foreach (var (option, value) in options)
        {
            switch (option)
            {
                case "-c" or "--cumulative":
                    _cumulative = true;
                    break;
                case "-p" or "--program":
                    Limit(_programs, option, value);
                    break;
                case "-g" or "--group":
                    Limit(_groups, option, value);
                    break;
                case "-a" or "--any":
                    _any = Bytes(option, value);
                    break;
                case "-s" or "--sendmail_program":
                    sendmail = value;
                    break;
                case "-m" or "--email":
                    address = value;
                    break;
                case "-u" or "--uptime":
                    _uptimeLimit = Seconds(option, value);
                    break;
                case "-n" or "--name":
                    _name = value;
                    break;
            }
        }

        _mailer = world.MailerOf(sendmail, address);
    }

    public void Handle(ListenerEvent item)
    {
        if (!item.IsTick)
        {
            return;
        }

        TellLimits();
        foreach (var process in _world.GetAllProcessInfo().Where(p => p.Pid != 0))
        {
            // Gone since, or without memory of its own: nothing to say.
            if (_world.ResidentBytes(process.Pid, _cumulative) is { } bytes)
            {
                Judge(process, bytes);
            }
        }
    }

    private void TellLimits()
    {
        static string List(SortedDictionary<string, long> limits) => string.Join(", ", limits.Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Key}={l.Value}")));
        var lines = new List<string>();
        if (_programs.Count > 0)
        {
            lines.Add("Checking programs " + List(_programs));
        }

        if (_groups.Count > 0)
        {
            lines.Add("Checking groups " + List(_groups));
        }

        if (_any is { } any)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"Checking any={any}"));
        }

        _world.Tell(string.Join('\n', lines) + "\n");
    }

    private void Judge(ProcessInfo process, long bytes)
    {
        var name = $"{process.Group}:{process.Name}";
        long?[] limits =
        [
            _programs.TryGetValue(process.Name, out var byName) ? byName : null,
            _programs.TryGetValue(name, out var byFullName) ? byFullName : null,
            _groups.TryGetValue(process.Group, out var byGroup) ? byGroup : null,
            _any,
        ];
        foreach (var limit in limits.OfType<long>())
        {
            _world.Tell(string.Create(CultureInfo.InvariantCulture, $"RSS of {name} is {bytes}\n"));
            if (bytes > limit)
            {
                // Once is enough, however many limits it breaks.
                Restart(name, bytes);
                return;
            }
        }
    }

    private void Restart(string name, long bytes)
    {
        var info = _world.GetProcessInfo(name);
        _world.Tell($"Restarting {name}\n");
        Try(() => _world.StopProcess(name), fault => string.Create(CultureInfo.InvariantCulture, $"Failed to stop process {name} (RSS {bytes}), exiting: {fault}"),
            $"failed to stop process {name}, exiting");
        Try(() => _world.StartProcess(name), fault => $"Failed to start process {name} after stopping it, exiting: {fault}",
            $"failed to start process {name}, exiting");
        if (info.Now - info.Start <= _uptimeLimit)
        {
            var text = string.Create(CultureInfo.InvariantCulture,
                $"memmon restarted the process named {name} at {ListenerTexts.AscTime(_world.Now)} because it was consuming too much memory ({bytes} bytes RSS)");
            _mailer.Send(Subject($"process {name} restarted"), text);
        }
    }

    private void Try(Action action, Func<string, string> describe, string subject)
    {
        try
        {
            action();
        }
        catch (RpcFaultException e)
        {
            var text = describe(e.Message);
            _world.Tell(text + "\n");
            _mailer.Send(Subject(subject), text);
            throw;
        }
    }

    private string Subject(string text) => $"memmon{(_name is null ? "" : $" [{_name}]")}: {text}";

    private static void Limit(SortedDictionary<string, long> limits, string option, string value)
    {
        var parts = value.Split('=');
        limits[parts[0]] = parts.Length == 2 ? Bytes(option, parts[1]) : throw new UsageException($"Unparseable value '{value}' for '{option}'");
    }

    private static long Bytes(string option, string value) =>
        Suffixed(value, [("kb", 1L << 10), ("mb", 1L << 20), ("gb", 1L << 30)]) ?? throw new UsageException($"Unparseable byte_size in '{value}' for '{option}'");

    private static long Seconds(string option, string value) =>
        Suffixed(value, [("s", 1), ("m", 60), ("h", 3600), ("d", 86400)]) ?? throw new UsageException($"Unparseable value for '{option}': '{value}'");

    private static long? Suffixed(string value, (string Suffix, long Factor)[] suffixes)
    {
        var text = value.ToLowerInvariant();
        var (suffix, factor) = suffixes.FirstOrDefault(s => text.EndsWith(s.Suffix, StringComparison.Ordinal), ("", 1));
        return long.TryParse(text[..^suffix.Length], NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number)
            ? number * factor
            : null;
    }
}
