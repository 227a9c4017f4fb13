using Supervisor.Ctl.Tests.Support;

namespace Supervisor.Ctl.Tests.Commands;

public sealed class ConfigCommandTests : IDisposable
{
    private readonly CtlRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public void Reread_Changes_AreSorted_CTL051()
    {
        rig.Server.On("reloadConfig", Xml.Reload(["z", "b"], ["c"], ["a"]));

        Assert.Equal(new Said("a: disappeared\nb: available\nc: changed\nz: available\n", "", 0), rig.Run("reread"));
    }

    [Fact]
    public void Reread_Nothing_SaysSo_CTL051()
    {
        rig.Server.On("reloadConfig", Xml.Reload([], [], []));

        Assert.Equal(new Said("No config updates to processes\n", "", 0), rig.Run("reread"));
        Assert.Equal(new Said("", "", 0), rig.Run("update"));
    }

    [Theory]
    [InlineData("reread")]
    [InlineData("update")]
    public void CannotReread_IsANormalError_CTL051_QRK039(string command)
    {
        rig.Server.On("reloadConfig", Xml.Fault(92, "CANT_REREAD: bad"));

        Assert.Equal(new Said("ERROR: CANT_REREAD: bad\n", "", 1), rig.Run(command));
    }

    [Theory]
    [InlineData("reread", "reloadConfig", "ERROR: supervisor shutting down\n", 1)]
    [InlineData("avail", "getAllConfigInfo", "ERROR: supervisor shutting down\n", 1)]
    [InlineData("update", "reloadConfig", "ERROR: already shutting down\n", 1)]
    [InlineData("add x", "addProcessGroup", "ERROR: shutting down\n", 1)]
    [InlineData("shutdown", "shutdown", "ERROR: already shutting down\n", 0)]
    [InlineData("reload", "restart", "ERROR: already shutting down\n", 1)]
    [InlineData("remove x", "removeProcessGroup",
        "error: <class 'xmlrpc.client.Fault'>, <Fault 6: 'SHUTDOWN_STATE'>: file: supervisorctl line: 0\n", 1)]
    [InlineData("status", "getAllProcessInfo",
        "error: <class 'xmlrpc.client.Fault'>, <Fault 6: 'SHUTDOWN_STATE'>: file: supervisorctl line: 0\n", 1)]
    public void ServerShuttingDown_OwnTexts_CTL011_AppendixA(string command, string method, string text, int status)
    {
        rig.Server.On(method, Xml.Fault(6, "SHUTDOWN_STATE"));

        Assert.Equal(new Said(text, "", status), rig.Run(command));
    }

    [Fact]
    public void Update_Order_IsRemovedChangedAdded_CTL052()
    {
        Script(["n"], ["c"], ["r"]);

        Assert.Equal(new Said(
            "r: stopped\nr: removed process group\nc: stopped\nc: updated process group\nn: added process group\n", "", 0), rig.Run("update"));
        Assert.Equal(
            ["reloadConfig", "stopProcessGroup r", "removeProcessGroup r", "stopProcessGroup c", "removeProcessGroup c", "addProcessGroup c",
                "addProcessGroup n"], rig.Server.Calls);
    }

    [Fact]
    public void Update_Names_LeaveOthersPendingAndComplain_CTL053()
    {
        Script(["n"], ["c"], ["r"]);
        rig.Server.On("getAllProcessInfo", Xml.Array(Xml.Process("c", "c"), Xml.Process("r", "r")));

        Assert.Equal(new Said("ERROR: no such group: x\nn: added process group\n", "", 1), rig.Run("update x n"));
    }

    [Fact]
    public void Update_GroupThatDoesNotStop_IsNotRemoved_CTL053()
    {
        Script([], [], ["r"]);
        rig.Server.On("stopProcessGroup", Xml.Array(Xml.Status("r", "r", 30, "FAILED")));

        Assert.Equal(new Said("r: stopped\nr: has problems; not removing\n", "", 1), rig.Run("update"));
    }

    [Theory]
    [InlineData("add x", "addProcessGroup", 90, "ERROR: process group already active\n", 0)]
    [InlineData("add x", "addProcessGroup", 10, "ERROR: no such process/group: x\n", 1)]
    [InlineData("remove x", "removeProcessGroup", 91, "ERROR: process/group still running: x\n", 1)]
    [InlineData("remove x", "removeProcessGroup", 10, "ERROR: no such process/group: x\n", 1)]
    public void AddRemove_Faults_CTL054(string command, string method, int fault, string text, int status)
    {
        rig.Server.On(method, Xml.Fault(fault, "T"));

        Assert.Equal(new Said(text, "", status), rig.Run(command));
    }

    [Fact]
    public void Avail_Columns_CTL050()
    {
        rig.Server.On("getAllConfigInfo", Xml.Array(Xml.Struct(
            ("name", Xml.Value("b")), ("group", Xml.Value("g")), ("inuse", "<value><boolean>1</boolean></value>"),
            ("autostart", "<value><boolean>0</boolean></value>"), ("group_prio", Xml.Value(5)), ("process_prio", Xml.Value(999)))));

        Assert.Equal(new Said("g:b                              in use    manual    5:999\n", "", 0), rig.Run("avail"));
    }

    private void Script(string[] added, string[] changed, string[] removed)
    {
        rig.Server.On("reloadConfig", Xml.Reload(added, changed, removed));
        rig.Server.On("stopProcessGroup", Xml.Array());
        rig.Server.On("removeProcessGroup", Xml.True);
        rig.Server.On("addProcessGroup", Xml.True);
    }
}
