using Supervisor.Ctl.Tests.Support;

namespace Supervisor.Ctl.Tests.Commands;

public sealed class StatusCommandTests : IDisposable
{
    private readonly CtlRig rig = new();

    public StatusCommandTests()
    {
        rig.Server.On("getAllProcessInfo", Xml.Array(
            Xml.Process("cat", "cat", description: "pid 7, uptime 0:00:01"),
            Xml.Process("g", "wörld", 100, "EXITED", 0, "bye"),
            Xml.Process("g", "two", 10, "STARTING", 8, "")));
    }

    public void Dispose() => rig.Dispose();

    [Fact]
    public void Status_All_AlignsAndReportsStopped_CTL030()
    {
        Assert.Equal(new Said(
            "cat                              RUNNING   pid 7, uptime 0:00:01\n"
            + "g:wörld                          EXITED    bye\n"
            + "g:two                            STARTING  \n", "", 3), rig.Run("status"));
    }

    [Theory]
    [InlineData("status cat g:two", "cat", 0)]
    [InlineData("status nosuch", "nosuch: ERROR (no such process)\n", 4)]
    [InlineData("status g", "g: ERROR (no such process)\n", 4)]
    [InlineData("status x:*", "x: ERROR (no such group)\n", 4)]
    [InlineData("status nosuch g:*", "nosuch: ERROR (no such process)\ng:w", 3)]
    public void Status_Names_SelectsAndComplains_CTL002_CTL031(string line, string beginning, int status)
    {
        var said = rig.Run(line);

        Assert.StartsWith(beginning, said.Output, StringComparison.Ordinal);
        Assert.Equal(status, said.Status);
    }

    [Fact]
    public void Status_Json_IsOneArray()
    {
        var said = rig.Run("status --json cat");

        using var json = System.Text.Json.JsonDocument.Parse(said.Output);
        Assert.Equal("RUNNING", json.RootElement[0].GetProperty("statename").GetString());
        Assert.Equal(1, json.RootElement.GetArrayLength());
        Assert.Equal(0, said.Status);
    }

    [Fact]
    public void Status_OneConnection_CarriesAllCalls()
    {
        rig.Run("status");

        Assert.Equal(1, rig.Server.Connections);
    }

    [Fact]
    public void Status_ServerHangsUpAfterEachAnswer_ConnectsAgain()
    {
        rig.Server.HangUp = true;

        Assert.Equal(3, rig.Run("status").Status);
        Assert.Equal(2, rig.Server.Connections);
    }

    [Fact]
    public void Pid_Forms_CTL038()
    {
        rig.Server.On("getPID", Xml.Int(42));
        rig.Server.On("getProcessInfo", a => a[0] switch
        {
            "cat" => Xml.Param(Xml.Process("cat", "cat")),
            "gone" => Xml.Param(Xml.Process("gone", "gone", 100, "EXITED", 0)),
            _ => Xml.Fault(10, "BAD_NAME: " + a[0]),
        });

        Assert.Equal(new Said("42\n", "", 0), rig.Run("pid"));
        Assert.Equal(new Said("7\n0\n8\n", "", 0), rig.Run("pid all"));
        Assert.Equal(new Said("7\n0\n", "", 7), rig.Run("pid cat gone"));
        Assert.Equal(new Said("No such process x\n", "", 1), rig.Run("pid x"));
    }

    [Fact]
    public void Status_Terminal_ColoursStatesOnly()
    {
        rig.Colours = true;

        Assert.StartsWith(
            "cat                              \x1b[32mRUNNING   \x1b[0mpid 7, uptime 0:00:01\n"
            + "g:wörld                          EXITED    bye\n"
            + "g:two                            \x1b[33mSTARTING  \x1b[0m\n", rig.Run("status").Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\x1b", rig.Run("status --json").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Status_Watch_RepeatsUntilInterrupted()
    {
        var calls = 0;
        rig.Server.On("getAllProcessInfo", _ =>
        {
            if (++calls == 3)
            {
                rig.Interrupts.Raise();
            }

            return Xml.Array(Xml.Process("cat", "cat"));
        });

        var said = rig.Run("status --watch=0.01 cat");

        Assert.Equal(3, calls);
        Assert.Equal(string.Concat(Enumerable.Repeat("cat                              RUNNING   d\n\n", 3)), said.Output);
        Assert.Equal(0, said.Status);
    }

    [Fact]
    public void Status_WatchWithoutServer_WaitsForIt()
    {
        rig.Server.RefuseWith = "503 Later";
        var calls = 0;
        rig.Server.On("getAllProcessInfo", _ =>
        {
            calls++;
            rig.Interrupts.Raise();
            return Xml.Array(Xml.Process("cat", "cat"));
        });
        using var timer = new Timer(_ => rig.Server.RefuseWith = null, null, 50, Timeout.Infinite);

        var said = rig.Run("status --watch=0.01");

        Assert.Equal(1, calls);
        Assert.StartsWith("error: ", said.Output, StringComparison.Ordinal);
        Assert.EndsWith("RUNNING   d\n\n", said.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status --watch=x")]
    [InlineData("status --watch=0")]
    public void Status_WatchWithoutTime_IsRefused(string line) =>
        Assert.Equal(new Said("Error: --watch requires a number of seconds\n", "", 2), rig.Run(line));
}
