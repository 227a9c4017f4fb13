using Supervisor.Ctl.Tests.Support;

namespace Supervisor.Ctl.Tests.Commands;

public sealed class ProcessCommandTests : IDisposable
{
    private readonly CtlRig rig = new();

    public void Dispose() => rig.Dispose();

    [Theory]
    [InlineData("start", "startProcess", 10, "no such process", 1)]
    [InlineData("start", "startProcess", 20, "no such file", 1)]
    [InlineData("start", "startProcess", 21, "file is not executable", 1)]
    [InlineData("start", "startProcess", 60, "already started", 0)]
    [InlineData("start", "startProcess", 50, "spawn error", 7)]
    [InlineData("start", "startProcess", 40, "abnormal termination", 7)]
    [InlineData("stop", "stopProcess", 10, "no such process", 1)]
    [InlineData("stop", "stopProcess", 70, "not running", 0)]
    [InlineData("signal HUP", "signalProcess", 10, "no such process", 1)]
    [InlineData("signal HUP", "signalProcess", 11, "bad signal name", 1)]
    [InlineData("signal HUP", "signalProcess", 70, "not running", 7)]
    [InlineData("clear", "clearProcessLogs", 10, "no such process", 1)]
    [InlineData("clear", "clearProcessLogs", 30, "failed", 1)]
    public void OneProcess_Fault_ShowsReasonAndStatus_CTL032_CTL035_CTL037_CTL039(string command, string method, int fault, string reason, int status)
    {
        rig.Server.On(method, Xml.Fault(fault, "TEXT"));

        Assert.Equal(new Said($"web: ERROR ({reason})\n", "", status), rig.Run(command + " web"));
    }

    [Theory]
    [InlineData("start", "startProcess", "started")]
    [InlineData("stop", "stopProcess", "stopped")]
    [InlineData("signal HUP", "signalProcess", "signalled")]
    [InlineData("clear", "clearProcessLogs", "cleared")]
    public void SeveralProcesses_Success_OneLineEach(string command, string method, string done)
    {
        rig.Server.On(method, Xml.True);

        Assert.Equal(new Said($"a: {done}\ng:b: {done}\n", "", 0), rig.Run(command + " a  g:b"));
    }

    [Theory]
    [InlineData("start g:*", "startProcessGroup", 2)]
    [InlineData("stop g:*", "stopProcessGroup", 1)]
    [InlineData("signal HUP g:", "signalProcessGroup", 1)]
    public void Group_Unknown_SaysSo_CTL033_CTL035_CTL037(string command, string method, int status)
    {
        rig.Server.On(method, Xml.Fault(10, "BAD_NAME: g"));

        Assert.Equal(new Said("g: ERROR (no such group)\n", "", status), rig.Run(command));
    }

    [Fact]
    public void StartAll_MixedResults_OneLinePerEntry_CTL033()
    {
        rig.Server.On("startAllProcesses", Xml.Array(Xml.Status("a", "a", 80), Xml.Status("g", "b", 50), Xml.Status("g", "c", 60)));

        Assert.Equal(new Said("a: started\ng:b: ERROR (spawn error)\ng:c: ERROR (already started)\n", "", 7), rig.Run("start x all"));
    }

    [Fact]
    public void Start_UnknownResultCode_IsAnError_CTL034()
    {
        rig.Server.On("startProcess", Xml.Fault(30, "FAILED"));

        Assert.Equal(
            new Said("error: <class 'ValueError'>, Unknown result code 30 for web: file: supervisorctl line: 0\n", "", 1), rig.Run("start web"));
    }

    [Fact]
    public void Stop_Failed_ShowsTheFaultText_CTL035()
    {
        rig.Server.On("stopProcess", Xml.Fault(30, "FAILED: unkillable"));

        Assert.Equal(new Said("FAILED: unkillable\n", "", 1), rig.Run("stop web"));
    }

    [Fact]
    public void Restart_StoppedProcess_ShowsBothAndSucceeds_CTL036()
    {
        rig.Server.On("stopProcess", Xml.Fault(70, "NOT_RUNNING: web"));
        rig.Server.On("startProcess", Xml.True);

        Assert.Equal(new Said("web: ERROR (not running)\nweb: started\n", "", 0), rig.Run("restart web"));
    }

    [Theory]
    [InlineData("start", "Error: start requires a process name\nstart <name>\t", 2)]
    [InlineData("stop", "Error: stop requires a process name\nstop <name>\t", 1)]
    [InlineData("restart", "Error: restart requires a process name\nrestart <name>\t", 1)]
    [InlineData("clear", "Error: clear requires a process name\nclear <name>\t", 1)]
    [InlineData("signal HUP", "Error: signal requires a signal name and a process name\nsignal <signal name> <name>\t", 1)]
    public void NoNames_ComplaintAndHelp(string command, string beginning, int status)
    {
        var said = rig.Run(command);

        Assert.StartsWith(beginning, said.Output, StringComparison.Ordinal);
        Assert.Equal(status, said.Status);
    }

    [Fact]
    public void Clear_WholeGroup_IsPassedOnAsIs_CTL039()
    {
        rig.Server.On("clearProcessLogs", Xml.Fault(10, "BAD_NAME: g:*"));

        Assert.Equal(new Said("g:None: ERROR (no such process)\n", "", 1), rig.Run("clear g:*"));
        Assert.Equal(["clearProcessLogs g:*"], rig.Server.Calls);
    }

    [Fact]
    public void StartTimeout_Decided_TellsEach()
    {
        var turn = 0;
        rig.Server.On("startProcess", Xml.True);
        rig.Server.On("getAllProcessInfo", _ =>
        {
            turn++;
            return Xml.Array(
                Xml.Process("web", "web", turn < 3 ? 10 : 20, "X"), Xml.Process("g", "a", turn < 4 ? 30 : 200, "X"), Xml.Process("g", "b", 20, "X"));
        });

        Assert.Equal(new Said("web: started\ng:a: ERROR (abnormal termination)\n", "", 7), rig.Run("start --timeout 20 web g:*"));
        Assert.Equal(["startProcess web 0", "startProcess g:a 0"], rig.Server.Calls.Where(c => c.StartsWith("start", StringComparison.Ordinal)));
    }

    [Fact]
    public void StartTimeout_Over_SaysSo()
    {
        rig.Server.On("startProcess", Xml.True);
        rig.Server.On("getAllProcessInfo", Xml.Array(Xml.Process("web", "web", 30, "BACKOFF")));

        Assert.Equal(new Said("web: ERROR (not running after 0.2 seconds)\n", "", 7), rig.Run("start web --timeout=0.2"));
    }

    [Fact]
    public void StartTimeout_Refused_TellsTheReason()
    {
        rig.Server.On("startProcess", Xml.Fault(21, "X"));
        rig.Server.On("getAllProcessInfo", Xml.Array());

        Assert.Equal(new Said("web: ERROR (file is not executable)\nx: ERROR (no such group)\n", "", 2), rig.Run("start --timeout=5 web x:*"));
    }

    [Theory]
    [InlineData("start web --timeout", "startProcess")]
    [InlineData("restart web --timeout=soon", "stopProcess")]
    public void StartTimeout_WithoutTime_DoesNothing(string line, string method)
    {
        Assert.Equal(new Said("Error: --timeout requires a number of seconds\n", "", 2), rig.Run(line));
        Assert.DoesNotContain(rig.Server.Calls, c => c.StartsWith(method, StringComparison.Ordinal));
    }
}
