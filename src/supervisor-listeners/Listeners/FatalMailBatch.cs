using System.Globalization;
using Supervisor.Core.CommandLine;
using Supervisor.Listeners.Delivery;
using Supervisor.Listeners.Protocol;

namespace Supervisor.Listeners.Listeners;

/// <summary>Collects programs that were given up and mails them together; subscribe to PROCESS_STATE_FATAL and TICK_60.</summary>
internal sealed class FatalMailBatch : IEventListener
{
    public const string Usage = """
        fatalmailbatch -t ADDRESS[,ADDRESS]... -f ADDRESS [-i MINUTES] [-s SUBJECT] [-e TICK] [-S SENDMAIL]

        Mails the programs that entered the FATAL state, all of one interval in one message.
        Subscribe it to PROCESS_STATE_FATAL and TICK_60.

        -t/--toEmail LIST -- to whom
        -f/--fromEmail ADDRESS -- from whom
        -i/--interval MINUTES -- how long to collect (default: 1)
        -s/--subject TEXT -- default: Fatal start alert from supervisord
        -e/--tickEvent NAME -- the tick that is counted (default: TICK_60)
        -S/--sendmail_program COMMAND -- takes the message on stdin (default: /usr/sbin/sendmail -t -i)
        -H/--smtpHost HOST, -u/--userName, -p/--password, --tls -- refused: mail goes out by the command

        """;

    private const int LoggedLength = 76;

    private readonly IListenerWorld _world;
    private readonly List<string> _messages = [];
    private readonly string _tick = "TICK_60";
    private readonly double _interval = 1;
    private readonly double _tickMinutes;
    private readonly string _to = "";
    private readonly string _from = "";
    private readonly string _subject = "Fatal start alert from supervisord";
    private readonly string _sendmail = Mailer.DefaultCommand;
    private double _minutes;

    public FatalMailBatch(string[] args, IListenerWorld world)
    {
        _world = world;
        var (options, _) = GetOpt.Parse(args, "t:f:i:s:e:S:H:u:p:",
            ["toEmail=", "fromEmail=", "interval=", "subject=", "tickEvent=", "sendmail_program=", "smtpHost=", "userName=", "password=", "tls"]);
        foreach (var (option, value) in options)
        {
            switch (option)
            {
                case "-t" or "--toEmail":
                    _to = string.Join(", ", value.Split(',').Select(a => a.Trim()));
                    break;
                case "-f" or "--fromEmail":
                    _from = value;
                    break;
                case "-i" or "--interval":
                    _interval = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var minutes)
                        ? minutes
                        : throw new UsageException($"option {option}: invalid floating-point value: '{value}'");
                    break;
                case "-s" or "--subject":
                    _subject = value;
                    break;
                case "-e" or "--tickEvent":
                    _tick = value;
                    break;
                case "-S" or "--sendmail_program":
                    _sendmail = value;
                    break;
                case "-H" or "--smtpHost" when value is "localhost" or "127.0.0.1":
                    // What the command does anyway.
                    break;
                default:
                    throw new UsageException($"option {option} is not supported: mail goes out by {_sendmail}; see --sendmail_program");
            }
        }

        if (_to.Length == 0 || _from.Length == 0)
        {
            throw new UsageException("--toEmail and --fromEmail are required");
        }

        _tickMinutes = _tick.StartsWith("TICK_", StringComparison.Ordinal) && int.TryParse(_tick["TICK_".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? seconds / 60.0
            : throw new UsageException($"Invalid TICK event name: {_tick}");
    }

    public void Handle(ListenerEvent item)
    {
        if (item.Name == "PROCESS_STATE_FATAL")
        {
            var message = $"{ListenerTexts.AscTime(_world.Now)} -- Process {item.Values.GetValueOrDefault("groupname")}:" +
                $"{item.Values.GetValueOrDefault("processname")} failed to start too many times";
            _world.Tell(message + "\n");
            _messages.Add(message);
        }
        else if (item.Name == _tick)
        {
            _minutes += _tickMinutes;
            if (_minutes >= _interval)
            {
                Send();
                _minutes = 0;
                _messages.Clear();
            }
        }
    }

    private void Send()
    {
        if (_messages.Count == 0)
        {
            return;
        }

        var body = string.Join('\n', _messages);
        _world.Run(_sendmail, $"Subject: {_subject}\nFrom: {_from}\nTo: {_to}\nDate: {_world.Now:R}\n\n{body}\n");
        var digest = body.Length > LoggedLength ? body[..LoggedLength] + "..." : body;
        _world.Tell($"Sending notification email:\nTo: {_to}\nFrom: {_from}\nSubject: {_subject}\nBody:\n{digest}\n");
    }
}
