using Supervisor.Ctl.Shell;
using Supervisor.Ctl.Tests.Support;

namespace Supervisor.Ctl.Tests.Commands;

public sealed class DaemonAndErrorTests : IDisposable
{
    private const string Unauthorized =
        "error: <class 'xmlrpc.client.ProtocolError'>, <ProtocolError for 127.0.0.1/RPC2: 401 Unauthorized>: file: supervisorctl line: 0\n";

    private readonly CtlRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public void Probe_OtherApiVersion_Ends_CTL003()
    {
        rig.Server.On("getVersion", Xml.String("2.0"));

        var said = rig.Run("start x");

        Assert.Equal("Sorry, this version of supervisorctl expects to talk to a server with API version 3.0, but the remote version is 2.0.\n",
            said.Output);
        Assert.Equal(5, said.Status);
    }

    [Theory]
    [InlineData("pid", 3)]
    [InlineData("status", 4)]
    public void Probe_NoNamespace_Ends_CTL003(string command, int status)
    {
        rig.Server.On("getVersion", Xml.Fault(1, "UNKNOWN_METHOD"));

        var said = rig.Run(command);

        Assert.StartsWith("Sorry, supervisord responded but did not recognize", said.Output, StringComparison.Ordinal);
        Assert.Equal(status, said.Status);
    }

    [Theory]
    [InlineData("pid", "{0} no such file\n", 7)]
    [InlineData("status", "{0} no such file\n", 4)]
    [InlineData("shutdown", "ERROR: {0} no such file (already shut down?)\n", 1)]
    [InlineData("reload", "error: <class 'FileNotFoundError'>, [Errno 2] No such file or directory: file: supervisorctl line: 0\n", 1)]
    [InlineData("add x", "error: <class 'FileNotFoundError'>, [Errno 2] No such file or directory: file: supervisorctl line: 0\n", 1)]
    public void NoSocketFile_OwnTexts_CTL004_CTL005_CTL055(string command, string text, int status)
    {
        var url = rig.Server.Url + "-missing";
        rig.Settings = new CtlSettings { ServerUrl = url };

        Assert.Equal(new Said(text.Replace("{0}", url, StringComparison.Ordinal), "", status), rig.Run(command));
    }

    [Theory]
    [InlineData("pid", "{0} refused connection\n", 4)]
    [InlineData("shutdown", "ERROR: {0} refused connection (already shut down?)\n", 1)]
    [InlineData("avail", "error: <class 'ConnectionRefusedError'>, [Errno 111] Connection refused: file: supervisorctl line: 0\n", 1)]
    public void NobodyListens_OwnTexts_CTL004_CTL055(string command, string text, int status)
    {
        // A directory is found, but is no socket: connect says ECONNREFUSED.
        var url = "unix://" + rig.Server.Folder;
        rig.Settings = new CtlSettings { ServerUrl = url };

        Assert.Equal(new Said(text.Replace("{0}", url, StringComparison.Ordinal), "", status), rig.Run(command));
    }

    [Theory]
    [InlineData("ftp://x", "Unknown protocol for serverurl ftp://x")]
    [InlineData("http://h:x", "Port could not be cast to integer value as 'x'")]
    [InlineData("http://h:70000", "Port out of range 0-65535")]
    public void BadAddress_IsAValueError_CTL008(string url, string text)
    {
        rig.Settings = new CtlSettings { ServerUrl = url };

        Assert.Equal(new Said($"error: <class 'ValueError'>, {text}: file: supervisorctl line: 0\n", "", 1), rig.Run("status"));
    }

    [Fact]
    public void Unauthorized_NotInteractive_FailsTwice_CTL007()
    {
        rig.Server.RefuseWith = "401 Unauthorized";

        Assert.Equal(new Said("Server requires authentication\n" + Unauthorized, "", 1), rig.Run("status"));
    }

    [Fact]
    public void Unauthorized_Interactive_AsksAndRetries_CTL007()
    {
        rig.Server.Authorization = "Basic dTpw"; // u:p
        rig.Server.On("getPID", Xml.Int(5));

        var said = rig.Run("pid", "u\np\n", interactive: true);

        Assert.Equal("Server requires authentication\nUsername:\n5\n", said.Output);
        Assert.Contains("Password:", said.Errors, StringComparison.Ordinal);
        Assert.Equal(0, said.Status);
    }

    [Fact]
    public void ServerError_IsAProtocolError_CTL006()
    {
        rig.Server.RefuseWith = "500 Internal Server Error";

        Assert.Equal(new Said(Unauthorized.Replace("401 Unauthorized", "500 Internal Server Error", StringComparison.Ordinal), "", 1),
            rig.Run("avail"));
    }

    [Theory]
    [InlineData("shutdown", "shutdown", "Shut down\n")]
    [InlineData("reload", "restart", "Restarted supervisord\n")]
    public void DaemonCommand_NotInteractive_ActsAtOnce_CTL055(string command, string method, string text)
    {
        rig.Server.On(method, Xml.True);

        Assert.Equal(new Said(text, "", 0), rig.Run(command));
    }

    [Theory]
    [InlineData("shutdown", "n\n", "Really shut the remote supervisord process down y/N? ")]
    [InlineData("reload", "\n", "Really restart the remote supervisord process y/N? ")]
    [InlineData("reload", "", "Really restart the remote supervisord process y/N? error: <class 'EOFError'>, EOF when reading a line: ")]
    public void DaemonCommand_Refused_DoesNothing_CTL056(string command, string answer, string beginning)
    {
        Assert.StartsWith(beginning, rig.Run(command, answer, interactive: true).Output, StringComparison.Ordinal);
        Assert.Empty(rig.Server.Calls);
    }

    [Theory]
    [InlineData("version")]
    [InlineData("avail")]
    [InlineData("reread")]
    [InlineData("shutdown")]
    [InlineData("reload")]
    public void ExtraArguments_AreRefusedWithHelp_CTL057(string command)
    {
        var said = rig.Run(command + " x");

        Assert.StartsWith($"Error: {command} accepts no arguments\n{command}", said.Output, StringComparison.Ordinal);
        Assert.Equal(1, said.Status);
        Assert.Empty(rig.Server.Calls);
    }

    [Fact]
    public void Open_OtherServer_ShowsStatusAndKeepsExitStatus_CTL058()
    {
        rig.Server.On("getAllProcessInfo", Xml.Array(Xml.Process("a", "a", 0, "STOPPED", 0, "Not started")));

        Assert.Equal(new Said("a                                STOPPED   Not started\n", "", 0), rig.Run("open " + rig.Server.Url));
        Assert.Equal(new Said("ERROR: url must be http:// or unix://\n", "", 1), rig.Run("open foo"));
    }

    [Fact]
    public void Shell_Session_CTL020_CTL021()
    {
        rig.Server.On("getAllProcessInfo", Xml.Array());

        Assert.Equal("supervisor> supervisor> *** Unknown syntax: !x\nsupervisor> \n", rig.Shell("\n!x\n").Output);
        Assert.Equal("supervisor> \n", rig.Shell("quit\nstatus\n").Output);
    }
}
