using Supervisor.Ctl.Commands;
using Supervisor.Ctl.Output;
using Supervisor.Rpc.Client;
using Supervisor.Rpc.Contract;

namespace Supervisor.Ctl.Shell;

/// <summary>Runs command lines: finds the command, gives it a connection, turns what goes wrong into text and status.</summary>
internal sealed class Controller : IDisposable
{
    private const string ApiVersion = "3.0";
    private readonly RpcCodec codec;
    private SupervisorClient? client;

    public Controller(RpcCodec codec, CtlSettings settings, CtlOutput output, CtlOutput errors, IPrompter prompter, Interrupts interrupts)
    {
        this.codec = codec;
        Settings = settings;
        Output = output;
        Errors = errors;
        Prompter = prompter;
        Interrupts = interrupts;
    }

    public CtlSettings Settings { get; }

    public CtlOutput Output { get; }

    public CtlOutput Errors { get; }

    public IPrompter Prompter { get; }

    public Interrupts Interrupts { get; }

    /// <summary>Sticky: commands raise it, nothing lowers it (CTL-002).</summary>
    public int ExitStatus { get; set; }

    /// <summary>The shell should end.</summary>
    public bool Quit { get; set; }

    /// <summary>Called after every command: what completion knows about the processes may be old.</summary>
    public Action? CommandStarts { get; set; }

    /// <summary>The server. What was printed so far is shown first, because a call may take long.</summary>
    /// <exception cref="RpcClientException">The address cannot be used.</exception>
    public SupervisorClient Supervisor
    {
        get
        {
            Output.Flush();
            return client ??= new SupervisorClient(new RpcClient(codec, ServerAddress.Parse(Settings.ServerUrl), Settings.Username, Settings.Password));
        }
    }

    public void Line(string text) => Output.Line(text);

    public void Fail(string text, int status = Shell.ExitStatus.Generic)
    {
        Line(text);
        ExitStatus = status;
    }

    public void Open(string serverUrl)
    {
        Settings.ServerUrl = serverUrl;
        Disconnect();
    }

    /// <summary>Runs one line; never throws for what a server or a user can do wrong.</summary>
    /// <exception cref="InterruptedException">Ctrl-C at a prompt of the command.</exception>
    /// <exception cref="IOException">Nobody reads the output any more.</exception>
    public void Run(string text)
    {
        var parsed = ParsedLine.Parse(text);
        if (parsed.Line.Length == 0)
        {
            return;
        }

        if (string.IsNullOrEmpty(parsed.Command) || CommandTable.Find(parsed.Command) is not { } command)
        {
            Fail($"*** Unknown syntax: {parsed.Line}");
            Output.Flush();
            return;
        }

        CommandStarts?.Invoke();
        try
        {
            RunAuthenticated(command, parsed);
        }
        catch (Exception e) when (e is not (InterruptedException or IOException))
        {
            Fail(ErrorText.Line(e));
        }
        finally
        {
            // A connection lives as long as one command: the next one may come after the server was restarted.
            Disconnect();
        }

        Output.Flush();
    }

    /// <summary>Whether a server of the right kind answers; says so and sets the status if not (CTL-003, CTL-004).</summary>
    public bool UpCheck()
    {
        try
        {
            var version = Supervisor.GetApiVersion();
            if (version == ApiVersion)
            {
                return true;
            }

            Fail($"Sorry, this version of supervisorctl expects to talk to a server with API version {ApiVersion}, "
                + $"but the remote version is {version}.", Shell.ExitStatus.NotInstalled);
        }
        catch (RpcFaultException e) when (e.Code == (int)FaultCode.UnknownMethod)
        {
            Fail("Sorry, supervisord responded but did not recognize the supervisor namespace commands that supervisorctl uses to "
                + "control it.  Please check that the [rpcinterface:supervisor] section is enabled in the configuration file "
                + "(see sample.conf).", Shell.ExitStatus.UnimplementedFeature);
        }
        catch (Exception e) when (ErrorText.IsRefused(e))
        {
            Fail($"{Settings.ServerUrl} refused connection", Shell.ExitStatus.InsufficientPrivileges);
        }
        catch (Exception e) when (ErrorText.IsMissingFile(e))
        {
            Fail($"{Settings.ServerUrl} no such file", Shell.ExitStatus.NotRunning);
        }

        return false;
    }

    /// <summary>Raises the status as the outcome of one process demands.</summary>
    /// <param name="ignored">A fault that is as good as success for this command, such as ALREADY_STARTED for start.</param>
    public void NoteResult(int code, FaultCode ignored = FaultCode.Success)
    {
        if (code == (int)ignored || code == (int)FaultCode.Success)
        {
            return;
        }

        ExitStatus = (FaultCode)code is FaultCode.SpawnError or FaultCode.AbnormalTermination or FaultCode.NotRunning
            ? Shell.ExitStatus.NotRunning
            : Shell.ExitStatus.Generic;
    }

    /// <summary>A typed answer to a question of a command.</summary>
    /// <exception cref="EndOfInputException">There is no answer.</exception>
    public string Ask(string prompt)
    {
        Output.Flush();
        return Prompter.ReadLine(prompt) ?? throw new EndOfInputException();
    }

    public void Dispose() => Disconnect();

    /// <summary>401 asks for credentials and starts over, or without a user just shows the failure of a second try (CTL-007).</summary>
    private void RunAuthenticated(CtlCommand command, ParsedLine parsed)
    {
        while (true)
        {
            try
            {
                command.Run(this, parsed.Argument);
                return;
            }
            catch (RpcProtocolException e) when (e.Status == 401)
            {
                Disconnect();
                Line("Server requires authentication");
            }

            if (!Settings.Interactive)
            {
                ExitStatus = Shell.ExitStatus.Generic;
                command.Run(this, parsed.Argument);
                return;
            }

            var username = Ask("Username:");
            var password = Prompter.ReadPassword("Password:") ?? throw new EndOfInputException();
            Line("");
            Settings.Username = username;
            Settings.Password = password;
        }
    }

    /// <summary>The next call makes a connection of its own.</summary>
    public void Disconnect()
    {
        client?.Dispose();
        client = null;
    }
}
