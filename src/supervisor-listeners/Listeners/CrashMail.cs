using Supervisor.Core.CommandLine;
using Supervisor.Listeners.Delivery;
using Supervisor.Listeners.Protocol;

namespace Supervisor.Listeners.Listeners;

/// <summary>Mails when a program exits unexpectedly; subscribe to PROCESS_STATE_EXITED. Options as superlance's crashmail.</summary>
internal sealed class CrashMail : IEventListener
{
    public const string Usage = """
        crashmail [-p PROCESS]... [-a] [-o PREFIX] [-s SENDMAIL] -m ADDRESS

        Mails when a process exits unexpectedly. Subscribe it to PROCESS_STATE_EXITED.

        -p/--program NAME -- only this process, NAME or GROUP:NAME; repeatable
        -a/--any -- every process; also without -p
        -o/--optionalheader TEXT -- begins the subject
        -s/--sendmail_program COMMAND -- takes the message on stdin (default: /usr/sbin/sendmail -t -i)
        -m/--email ADDRESS -- to whom; without it nothing is sent

        """;

    private readonly IListenerWorld _world;
    private readonly HashSet<string> _programs = new(StringComparer.Ordinal);
    private readonly bool _any;
    private readonly string? _prefix;
    private readonly Mailer _mailer;

    public CrashMail(string[] args, IListenerWorld world)
    {
        _world = world;
        var sendmail = Mailer.DefaultCommand;
        string? address = null;
        var (options, rest) = GetOpt.Parse(args, "p:ao:s:m:", ["program=", "any", "optionalheader=", "sendmail_program=", "email="]);
        foreach (var (option, value) in options)
        {
            switch (option)
            {
                case "-p" or "--program":
                    _programs.Add(value);
                    break;
                case "-a" or "--any":
                    _any = true;
                    break;
                case "-o" or "--optionalheader":
                    _prefix = value;
                    break;
                case "-s" or "--sendmail_program":
                    sendmail = value;
                    break;
                case "-m" or "--email":
                    address = value;
                    break;
            }
        }

        _ = rest; // superlance passes over them too.
        _mailer = world.MailerOf(sendmail, address);
    }

    public void Handle(ListenerEvent item)
    {
        if (item.Name != "PROCESS_STATE_EXITED")
        {
            return;
        }

        var values = item.Values;
        var (name, group) = (values.GetValueOrDefault("processname", ""), values.GetValueOrDefault("groupname", ""));
        if (values.GetValueOrDefault("expected") == "1" || !(_any || _programs.Count == 0 || _programs.Contains(name) || _programs.Contains($"{group}:{name}")))
        {
            return;
        }

        _world.Tell("unexpected exit, mailing\n");
        var subject = $" {name} crashed at {ListenerTexts.AscTime(_world.Now)}";
        var body = $"Process {name} in group {group} exited unexpectedly (pid {values.GetValueOrDefault("pid")}) from state {values.GetValueOrDefault("from_state")}";
        if (_mailer.Send(_prefix is null ? subject : _prefix + ":" + subject, body) is { } sent)
        {
            _world.Tell("Mailed:\n\n" + sent + "\n");
        }
    }
}
