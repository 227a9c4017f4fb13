using System.Globalization;
using Supervisor.Core.CommandLine;
using Supervisor.Listeners.Delivery;
using Supervisor.Listeners.Protocol;
using Supervisor.Rpc.Contract;

namespace Supervisor.Listeners.Listeners;

/// <summary>Asks a URL at every tick and restarts programs when the answer is not the right one; subscribe to TICK_5 or TICK_60.</summary>
internal sealed class HttpOk : IEventListener
{
    public const string Usage = """
        httpok [-p PROCESS]... [-a] [-t SECONDS] [-c STATUS]... [-b TEXT] [-m ADDRESS] [-s SENDMAIL] [-g GCORE] [-d DIRECTORY] [-e|-E] [-n NAME] URL

        Asks URL at every tick and restarts processes when the answer is not the right one. Subscribe it to TICK_60.

        -p/--program NAME -- restart this process if it runs, NAME or GROUP:NAME; repeatable
        -a/--any -- restart everything that runs
        -t/--timeout SECONDS -- how long to wait for the answer (default: 10)
        -c/--code STATUS -- a right status; repeatable (default: 200)
        -b/--body TEXT -- must be part of the answer
        -m/--email ADDRESS -- tell somebody
        -s/--sendmail_program COMMAND -- takes the message on stdin (default: /usr/sbin/sendmail -t -i)
        -g/--gcore COMMAND -- writes a core file, given a name and a pid (default: /usr/bin/gcore -o)
        -d/--coredir DIRECTORY -- where core files go; none are written without it
        -e/--eager -- ask and mail also while none of the processes runs (default)
        -E/--not-eager -- do not
        -n/--name NAME -- stands in the subject

        """;

    private const int Running = 20;
    private const int RetrySeconds = 10;

    private readonly IListenerWorld _world;
    private readonly List<string> _programs = [];
    private readonly List<int> _statuses = [];
    private readonly bool _any;
    private readonly int _timeout = 10;
    private readonly string? _inBody;
    private readonly string _gcore = "/usr/bin/gcore -o";
    private readonly string? _coreDirectory;
    private readonly bool _eager = true;
    private readonly string? _name;
    private readonly Uri _url;
    private readonly string _urlText;
    private readonly Mailer _mailer;

    public HttpOk(string[] args, IListenerWorld world)
    {
        _world = world;
        var sendmail = Mailer.DefaultCommand;
        string? address = null;
        var (options, rest) = GetOpt.Parse(args, "p:at:c:b:s:m:g:d:eEn:",
            ["program=", "any", "timeout=", "code=", "body=", "sendmail_program=", "email=", "gcore=", "coredir=", "eager", "not-eager", "name="]);
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
                case "-t" or "--timeout":
                    _timeout = Number(option, value);
                    break;
                case "-c" or "--code":
                    _statuses.Add(Number(option, value));
                    break;
                case "-b" or "--body":
                    _inBody = value;
                    break;
                case "-s" or "--sendmail_program":
                    sendmail = value;
                    break;
                case "-m" or "--email":
                    address = value;
                    break;
                case "-g" or "--gcore":
                    _gcore = value;
                    break;
                case "-d" or "--coredir":
                    _coreDirectory = value;
                    break;
                case "-e" or "--eager":
                    _eager = true;
                    break;
                case "-E" or "--not-eager":
                    _eager = false;
                    break;
                case "-n" or "--name":
                    _name = value;
                    break;
            }
        }

        _urlText = rest.Length == 1 ? rest[0] : throw new UsageException("one URL is required");
        _url = Uri.TryCreate(_urlText, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new UsageException($"Bad scheme {_urlText.Split(':')[0]}");
        if (_statuses.Count == 0)
        {
            _statuses.Add(200);
        }

        _mailer = world.MailerOf(sendmail, address);
    }

    public void Handle(ListenerEvent item)
    {
        if (!item.IsTick || (!_eager && !_world.GetAllProcessInfo().Any(p => p.State == Running && (_any || IsOurs(p)))))
        {
            return;
        }

        var (status, reason, body) = _world.Get(_url, TimeSpan.FromSeconds(_timeout));
        if (status is not { } number || !_statuses.Contains(number))
        {
            Act("bad status returned", status is null ? $"error contacting {_urlText}:\n\n {reason}" : $"status contacting {_urlText}: {status} {reason}");
        }
        else if (!string.IsNullOrEmpty(_inBody) && !body.Contains(_inBody, StringComparison.Ordinal))
        {
            Act("bad body returned", $"status contacting {_urlText}: {status} {reason}");
        }
    }

    private static int Number(string option, string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new UsageException($"invalid value for {option}: '{value}'");

    private bool IsOurs(ProcessInfo process) => _programs.Contains(process.Name) || _programs.Contains(ListenerTexts.Namespec(process));

    private void Act(string problem, string message)
    {
        var messages = new List<string> { message };
        void Write(string text)
        {
            _world.Tell(text + "\n");
            messages.Add(text);
        }

        IReadOnlyList<ProcessInfo> processes;
        try
        {
            processes = _world.GetAllProcessInfo();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever is wrong with the daemon, the next tick asks again.
            Write($"Exception retrieving process info {e.Message}, not acting");
            return;
        }

        Write(_any ? "Restarting all running processes" : $"Restarting selected processes [{string.Join(", ", _programs.Select(p => $"'{p}'"))}]");
        var missing = new List<string>(_programs);
        foreach (var process in processes.Where(p => _any || IsOurs(p)))
        {
            Restart(process, Write);
            missing.Remove(process.Name);
            missing.Remove(ListenerTexts.Namespec(process));
        }

        if (missing.Count > 0)
        {
            Write($"Programs not restarted because they did not exist: [{string.Join(", ", missing.Select(p => $"'{p}'"))}]");
        }

        if (_mailer.Send($"httpok{(_name is null ? "" : $" [{_name}]")}: {_urlText}: {problem}", string.Join('\n', messages)) is { } sent)
        {
            _world.Tell("Mailed:\n\n" + sent + "\n");
        }
    }

    private void Restart(ProcessInfo process, Action<string> write)
    {
        var name = ListenerTexts.Namespec(process);
        if (process.State != Running)
        {
            write($"{name} not in RUNNING state, NOT restarting");
            return;
        }

        if (_coreDirectory is not null && _gcore.Length > 0)
        {
            var core = Path.Combine(_coreDirectory, name);
            write($"gcore output for {name}:\n\n {_world.Run($"{_gcore} \"{core}\" {process.Pid}", "")}");
        }

        write($"{name} is in RUNNING state, restarting");
        try
        {
            _world.StopProcess(name);
        }
        catch (RpcFaultException e)
        {
            write($"Failed to stop process {name}: {e.Message}");
        }

        try
        {
            _world.StartProcess(name);
            write($"{name} restarted");
        }
        catch (RpcFaultException e)
        {
            write($"Failed to start process {name}: {e.Message}");
        }
    }

    /// <summary>How often a refused connection is tried again within the time allowed.</summary>
    internal static int Retries(TimeSpan timeout) => Math.Max(0, ((int)timeout.TotalSeconds - 1) / RetrySeconds);

    internal static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(RetrySeconds);
}
