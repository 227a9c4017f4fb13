using Supervisor.Core.Configuration.Expansion;
using Supervisor.Ctl.Output;
using Supervisor.Ctl.Shell;
using Supervisor.Rpc.Contract;

namespace Supervisor.Ctl.Commands;

/// <summary>tail and maintail (CTL-040..042).</summary>
internal static class LogCommands
{
    private const int DefaultBytes = 1600;

    public static void Tail(Controller ctl, string argument)
    {
        if (!ctl.UpCheck())
        {
            return;
        }

        var words = PythonText.Split(argument);
        if (words.Length is < 1 or > 3)
        {
            ctl.Fail(words.Length < 1 ? "Error: too few arguments" : "Error: too many arguments");
            HelpCommand.Show(ctl, "tail");
            return;
        }

        var modifier = words[0].StartsWith('-') ? words[0] : null;
        words = modifier is null ? words : words[1..];
        if (words.Length == 0)
        {
            ctl.Fail("Error: tail requires process name");
            return;
        }

        var name = words[0];
        var channel = words.Length == 1 ? "stdout" : words[^1].ToLowerInvariant();
        if (channel is not ("stdout" or "stderr"))
        {
            ctl.Fail($"Error: bad channel {PythonRepr.Of(channel)}");
        }
        else if (modifier == "-f")
        {
            LogFollower.Follow(ctl, $"/logtail/{name}/{channel}");
        }
        else if (Bytes(ctl, modifier) is { } bytes)
        {
            Show(ctl, name, "no such process name", () => channel == "stdout"
                ? ctl.Supervisor.ReadProcessStdoutLog(name, Offset(bytes), 0)
                : ctl.Supervisor.ReadProcessStderrLog(name, Offset(bytes), 0));
        }
    }

    public static void MainTail(Controller ctl, string argument)
    {
        if (!ctl.UpCheck())
        {
            return;
        }

        var words = PythonText.Split(argument);
        if (words.Length > 1)
        {
            ctl.Fail("Error: too many arguments");
            HelpCommand.Show(ctl, "maintail");
            return;
        }

        var modifier = words.Length == 0 ? null : words[0];
        if (modifier == "-f")
        {
            LogFollower.Follow(ctl, "/mainlogtail");
        }
        else if (Bytes(ctl, modifier) is { } bytes)
        {
            Show(ctl, "supervisord", unknownName: null, () => ctl.Supervisor.ReadLog(Offset(bytes), 0));
        }
    }

    /// <summary>The number behind the minus sign, or null with the complaint shown.</summary>
    private static long? Bytes(Controller ctl, string? modifier)
    {
        if (modifier is null)
        {
            return DefaultBytes;
        }

        if (modifier.StartsWith('-') && PythonText.TryParseInt(modifier[1..], 10, out var bytes))
        {
            return bytes;
        }

        ctl.Fail($"Error: bad argument {modifier}");
        return null;
    }

    /// <exception cref="OverflowException">More than an XML-RPC integer holds.</exception>
    private static long Offset(long bytes) =>
        bytes is >= -int.MaxValue and <= -(long)int.MinValue ? -bytes : throw new OverflowException("int exceeds XML-RPC limits");

    private static void Show(Controller ctl, string label, string? unknownName, Func<string> read)
    {
        try
        {
            ctl.Line(read());
        }
        catch (RpcFaultException e) when (Reason(e.Code, unknownName) is { } reason)
        {
            ctl.Fail($"{label}: ERROR ({reason})");
        }
    }

    private static string? Reason(int code, string? unknownName) => (FaultCode)code switch
    {
        FaultCode.NoFile => "no log file",
        FaultCode.Failed => "unknown error reading log",
        FaultCode.BadName => unknownName,
        _ => null,
    };
}
