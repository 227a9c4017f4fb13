using Supervisor.Ctl.Tests.Support;

namespace Supervisor.Ctl.Tests.Commands;

public sealed class LogCommandTests : IDisposable
{
    private const string Banner = "==> Press Ctrl-C to exit <==\n";
    private readonly CtlRig rig = new();

    public void Dispose() => rig.Dispose();

    [Theory]
    [InlineData("tail a", "readProcessStdoutLog a -1600 0")]
    [InlineData("tail a STDERR", "readProcessStderrLog a -1600 0")]
    [InlineData("tail -5 a stdout", "readProcessStdoutLog a -5 0")]
    [InlineData("tail --5 a", "readProcessStdoutLog a 5 0")]
    [InlineData("maintail", "readLog -1600 0")]
    [InlineData("maintail -1_0", "readLog -10 0")]
    public void Tail_Forms_AskForTheRightBytes_CTL040_CTL042(string line, string call)
    {
        rig.Server.On(call.Split(' ')[0], Xml.String("lög\n"));

        Assert.Equal(new Said("lög\n\n", "", 0), rig.Run(line));
        Assert.Equal([call], rig.Server.Calls);
    }

    [Theory]
    [InlineData("tail", "Error: too few arguments\ntail [-f]")]
    [InlineData("tail a b c d", "Error: too many arguments\ntail [-f]")]
    [InlineData("tail -5", "Error: tail requires process name\n")]
    [InlineData("tail a it's", "Error: bad channel \"it's\"\n")]
    [InlineData("tail -x a", "Error: bad argument -x\n")]
    [InlineData("tail -99999999999 a", "error: <class 'OverflowError'>, int exceeds XML-RPC limits")]
    [InlineData("maintail x", "Error: bad argument x\n")]
    [InlineData("maintail a b", "Error: too many arguments\nmaintail -f")]
    public void Tail_WrongArguments_CTL040_CTL042(string line, string beginning)
    {
        var said = rig.Run(line);

        Assert.StartsWith(beginning, said.Output, StringComparison.Ordinal);
        Assert.Equal(1, said.Status);
        Assert.Empty(rig.Server.Calls);
    }

    [Theory]
    [InlineData("tail a", 20, "a: ERROR (no log file)\n")]
    [InlineData("tail a", 30, "a: ERROR (unknown error reading log)\n")]
    [InlineData("tail a", 10, "a: ERROR (no such process name)\n")]
    [InlineData("maintail", 20, "supervisord: ERROR (no log file)\n")]
    [InlineData("maintail", 30, "supervisord: ERROR (unknown error reading log)\n")]
    public void Tail_Faults_CTL040_CTL042(string line, int fault, string text)
    {
        rig.Server.On("readProcessStdoutLog", Xml.Fault(fault, "T"));
        rig.Server.On("readLog", Xml.Fault(fault, "T"));

        Assert.Equal(new Said(text, "", 1), rig.Run(line));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n", "abcde")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "abc")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabc", "ab")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nabc", "abc")]
    public void Follow_AnyFraming_CopiesTheBody_CTL041_CTL044(string response, string text)
    {
        rig.Server.OnGet("/logtail/a/stderr", response);

        Assert.Equal(new Said(Banner + text, "", 0), rig.Run("tail -f a stderr"));
    }

    [Fact]
    public void Follow_HttpError_GoesToStderr_CTL041()
    {
        Assert.Equal(
            new Said(Banner, $"{rig.Server.Url}/mainlogtail Cannot read, status code 404\n", 0), rig.Run("maintail -f"));
    }

    [Theory]
    [InlineData("fg", "ERROR: no process name supplied\nfg <process>\t", 1)]
    [InlineData("fg a b", "ERROR: too many process names supplied\n", 1)]
    [InlineData("fg nosuch", "ERROR: bad process name supplied\n", 1)]
    [InlineData("fg gone", "ERROR: process not running\n", 1)]
    [InlineData("fg odd", "ERROR: <Fault 6: 'SHUTDOWN_STATE'>\n", 0)]
    public void Foreground_Refusals_CTL043(string line, string beginning, int status)
    {
        ScriptProcesses();

        var said = rig.Run(line);

        Assert.StartsWith(beginning, said.Output, StringComparison.Ordinal);
        Assert.Equal(status, said.Status);
    }

    [Fact]
    public void Foreground_Lines_AreSentUntilTheInputEnds_CTL043()
    {
        ScriptProcesses();
        rig.Server.On("sendProcessStdin", Xml.True);

        var said = rig.Run("fg cat", "one\ntwö\n");

        Assert.Contains("sendProcessStdin cat one\n", rig.Server.Calls);
        Assert.Contains("sendProcessStdin cat twö\n", rig.Server.Calls);
        Assert.StartsWith(Banner, said.Output, StringComparison.Ordinal);
        Assert.EndsWith("Exiting foreground\n", said.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Foreground_ProcessGone_SaysSo_CTL043()
    {
        ScriptProcesses();
        rig.Server.On("sendProcessStdin", Xml.Fault(70, "NOT_RUNNING: cat"));

        Assert.EndsWith("Process got killed\nExiting foreground\n", rig.Run("fg cat", "one\ntwo\n").Output, StringComparison.Ordinal);
    }

    private void ScriptProcesses()
    {
        rig.Server.OnGet("/logtail/cat/stdout", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        rig.Server.OnGet("/logtail/cat/stderr", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        rig.Server.On("getProcessInfo", a => a[0] switch
        {
            "cat" => Xml.Param(Xml.Process("cat", "cat")),
            "gone" => Xml.Param(Xml.Process("gone", "gone", 100, "EXITED", 0)),
            "odd" => Xml.Fault(6, "SHUTDOWN_STATE"),
            _ => Xml.Fault(10, "BAD_NAME: " + a[0]),
        });
    }
}
