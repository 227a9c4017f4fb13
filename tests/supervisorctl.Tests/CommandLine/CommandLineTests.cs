using Supervisor.Core.CommandLine;
using Supervisor.Ctl.CommandLine;
using Supervisor.Ctl.Commands;
using Supervisor.Ctl.Output;
using Supervisor.Ctl.Shell;
using Supervisor.Ctl.Tests.Support;

namespace Supervisor.Ctl.Tests.CommandLine;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("-x", "option -x not recognized")]
    [InlineData("--foo", "option --foo not recognized")]
    [InlineData("-c", "option -c requires argument")]
    [InlineData("--serverurl", "option --serverurl requires argument")]
    [InlineData("--interactive=1", "option --interactive must not have an argument")]
    [InlineData("--h", "option --h not a unique prefix")]
    [InlineData("-s foo", "invalid value for -s 'foo': value 'foo' is not a URL")]
    [InlineData("-ca -cb", "conflicting command line option '-c'")]
    [InlineData("-i --interactive", "conflicting command line option '--interactive'")]
    public void Arguments_Wrong_CLI002_CLI003_CLI012(string line, string message)
    {
        var e = Assert.Throws<UsageException>(() => CtlArguments.Parse(line.Split(' ')));

        Assert.Equal(message, e.Message);
    }

    [Fact]
    public void Arguments_Bundled_ShortenedAndAction_CLI001_CLI012()
    {
        var a = CtlArguments.Parse(["-iu", "me", "--pass=x=y", "--conf", "f", "-rh", "-shttp://h", "status", "-c"]);

        Assert.Equal((true, "me", "x=y", "f", "h", "http://h"), (a.Interactive, a.Username, a.Password, a.ConfigFile, a.HistoryFile, a.ServerUrl));
        Assert.Equal(["status", "-c"], a.Action);
    }

    [Fact]
    public void Arguments_Help_WinsOverLaterErrors_CLI005()
    {
        Assert.True(CtlArguments.Parse(["-h", "-s", "foo"]).Help);
        Assert.Throws<UsageException>(() => CtlArguments.Parse(["-s", "foo", "-h"]));
    }

    [Theory]
    [InlineData("", null, "", "")]
    [InlineData(" !ls ", null, "", "!ls")]
    [InlineData("?", "help", "", "help ")]
    [InlineData("?status", "help", "status", "help status")]
    [InlineData("tail-f x ", "tail", "-f x", "tail-f x")]
    [InlineData(".x", "", ".x", ".x")]
    public void Line_Parse_CTL021(string text, string? command, string argument, string line) =>
        Assert.Equal(new ParsedLine(command, argument, line), ParsedLine.Parse(text));

    [Theory]
    [InlineData("a", "a", "a")]
    [InlineData("g:*", "g", null)]
    [InlineData("g:", "g", null)]
    [InlineData("g:p:q", "g", "p:q")]
    public void Namespec_Split(string text, string group, string? process) => Assert.Equal((group, process), Namespec.Split(text));

    [Fact]
    public void Help_Lists_CTL024()
    {
        using var rig = new CtlRig();

        Assert.Equal(
            "\ndefault commands (type help <topic>):\n=====================================\n"
            + "add    exit      open  reload  restart   start   tail   \n"
            + "avail  fg        pid   remove  shutdown  status  update \n"
            + "clear  maintail  quit  reread  signal    stop    version\n\n", rig.Run("help").Output);
        Assert.Equal(new Said("*** No help on nosuch\n", "", 0), rig.Run("? nosuch"));
    }
}
