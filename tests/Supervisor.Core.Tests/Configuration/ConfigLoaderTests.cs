using Supervisor.Core.Configuration;
using Supervisor.Core.Configuration.Loading;
using Supervisor.Core.Configuration.Model;
using Supervisor.Testing;

namespace Supervisor.Core.Tests.Configuration;

public class ConfigLoaderTests
{
    private readonly FakeConfigHost _host = new();

    private DaemonConfig Load(string text, ConfigRequest? request = null)
    {
        _host.Files["/etc/s.conf"] = text;
        return new ConfigLoader(_host).Load((request ?? new ConfigRequest()) with { ConfigFile = "/etc/s.conf" });
    }

    private string Refusal(string text) => Assert.Throws<ConfigException>(() => Load(text)).Message;

    private ProcessConfig Program(string options) => Load("[supervisord]\n[program:p]\ncommand=c\n" + options).Groups[0].Processes[0];

    [Fact]
    public void Defaults_OfAnEmptySection_AreUpstreams_OPT050()
    {
        var s = Load("[supervisord]\n").Supervisord;
        Assert.Equal(("/work/supervisord.log", "/work/supervisord.pid", "/tmp", "supervisor"), (s.LogFile, s.PidFile, s.ChildLogDir, s.Identifier));
        Assert.Equal((50L << 20, 10, 1024, 200, 0x12), (s.LogFileMaxBytes, s.LogFileBackups, s.MinFds, s.MinProcs, s.Umask));
        Assert.Equal(LogLevel.Info, s.LogLevel);
        Assert.False(s.NoDaemon);
    }

    [Fact]
    public void Program_Defaults_AreUpstreams_OPT084()
    {
        var p = Program("");
        Assert.Equal(("p", "c", 999, true, AutoRestart.Unexpected), (p.Name, p.Command, p.Priority, p.AutoStart, p.AutoRestart));
        Assert.Equal((1, 3, 15, 10), (p.StartSecs, p.StartRetries, p.StopSignal, p.StopWaitSecs));
        Assert.Equal([0], p.ExitCodes);
        Assert.Equal(LogTargetKind.Auto, p.Stdout.LogFile.Kind);
        Assert.Null(p.ServerUrl);
    }

    [Theory]
    [InlineData("command=a ; comment", "a")]
    [InlineData("command=a;b#c", "a;b#c")]
    [InlineData("COMMAND : a", "a")]
    [InlineData("command=a\n  b = c\n\n  d", "a\nb = c\n\nd")]
    [InlineData("command=sh -c 'a ; b'", "sh -c 'a")]
    [InlineData("command=%(program_name)s-%(group_name)s-%(host_node_name)s-%(process_num)03d", "p-p-node-000")]
    [InlineData("command=%%(x)s %(here)s %(ENV_LANG)s", "%(x)s /etc C")]
    public void Value_Grammar_IsPythons_CFG011_CFG013_CFG015_CFG025(string line, string command) =>
        Assert.Equal(command, Load("[supervisord]\n[program:p]\n" + line + "\n").Groups[0].Processes[0].Command);

    [Theory]
    [InlineData("A=1,B=\"x, y\"", "A=1|B=x, y")]
    [InlineData("A='%(program_name)s'", "A=p")]
    [InlineData("A=1;B=2", "A=1|B=2")]
    [InlineData("A=\"a\\\"b\"", "A=a\"b")]
    [InlineData("A=1,\n  B=2", "A=1|B=2")]
    public void Environment_Grammar_OPT012(string text, string expected) => Assert.Equal(
        expected, string.Join('|', Program("environment=" + text + "\n").Environment.Select(e => $"{e.Key}={e.Value}")));

    [Fact]
    public void Environment_Layers_ProgramWins_OPT020()
    {
        var p = Load("[supervisord]\nenvironment=A=1,B=1\n[program:p]\ncommand=%(ENV_A)s %(ENV_C)s\nenvironment=B=2,C=3\n").Groups[0].Processes[0];
        Assert.Equal("1 3", p.Command);
        Assert.Equal(("1", "2", "3"), (p.Environment["A"], p.Environment["B"], p.Environment["C"]));
    }

    [Theory]
    [InlineData("stopsignal=QUIT", 3)]
    [InlineData("stopsignal=sigusr1", 10)]
    [InlineData("stopsignal=9", 9)]
    public void StopSignal_Forms_OPT005(string line, int number) => Assert.Equal(number, Program(line + "\n").StopSignal);

    [Fact]
    public void Numprocs_Names_AreSortedByCodePoint_DMN042()
    {
        var names = Load("[supervisord]\n[program:p]\ncommand=c\nnumprocs=11\nprocess_name=p%(process_num)d\n").Groups[0].Processes.Select(p => p.Name);
        Assert.Equal(["p0", "p1", "p10", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9"], names);
    }

    [Fact]
    public void Groups_Order_PriorityThenName_AndGroupedProgramsVanish_OPT103()
    {
        var config = Load("[supervisord]\n[program:b]\ncommand=c\n[program:a]\ncommand=c\n[program:z]\ncommand=c\npriority=1\n[group:g]\nprograms=b\npriority=5\n"
            + "[eventlistener:e]\ncommand=c\nevents=tick_5,TICK_5\n");
        Assert.Equal(["e", "z", "g", "a"], config.Groups.Select(g => g.Name));
        Assert.Single(config.Groups[0].Events);
    }

    [Fact]
    public void Include_Files_SortedAndHereIsTheirOwn_CFG047_CFG051()
    {
        _host.Files["/etc/conf.d/b.conf"] = "[program:p]\ncommand=b %(here)s\n";
        _host.Files["/etc/conf.d/a.conf"] = "[program:p]\ncommand=a\npriority=7\n";
        var config = Load("[supervisord]\n[include]\nfiles=conf.d/*.conf none/*.conf\n");
        var process = config.Groups[0].Processes[0];
        Assert.Equal(("b /etc/conf.d", 7), (process.Command, process.Priority));
        Assert.Equal(["No file matches via include \"/etc/none/*.conf\""], config.Warnings);
        Assert.Equal(2, config.Infos.Count);
    }

    [Fact]
    public void Error_InAnIncludedProgram_NamesThatFile_CFG055()
    {
        _host.Files["/etc/a.conf"] = "[program:p]\ncommand=a\nautostart=x\n";
        Assert.Equal("not a valid boolean value: 'x' in section 'program:p' (file: '/etc/a.conf')", Refusal("[supervisord]\n[include]\nfiles=a.conf\n"));
    }

    [Fact]
    public void CommandLine_Values_WinOverTheFile_CLI007()
    {
        var s = Load("[supervisord]\nidentifier=file\nlogfile=/tmp/x\n", new ConfigRequest { Identifier = "line", NoDaemon = true, LogFile = "y.log" }).Supervisord;
        Assert.Equal(("line", true, "/work/y.log"), (s.Identifier, s.NoDaemon, s.LogFile));
    }

    [Fact]
    public void ServerUrl_UnixServer_IsPreferred_SPN029()
    {
        var config = Load("[supervisord]\n[inet_http_server]\nport=*:9001\n[unix_http_server]\nfile=~/s.sock\n");
        Assert.Equal("unix:///root/s.sock", config.Supervisord.ServerUrl);
        Assert.Equal([HttpServerFamily.Inet, HttpServerFamily.Unix], config.HttpServers.Select(s => s.Family));
        Assert.Equal("http://localhost:9001", Load("[supervisord]\n[inet_http_server]\nport=*:9001\n").Supervisord.ServerUrl);
    }

    [Fact]
    public void Logs_SpecialWords_AndWarnings_OPT021_OPT096()
    {
        var config = Load("[supervisord]\n[program:p]\ncommand=c\nstdout_logfile=syslog\nstderr_logfile=NONE\n");
        var p = config.Groups[0].Processes[0];
        Assert.Equal((LogTargetKind.None, true, LogTargetKind.None), (p.Stdout.LogFile.Kind, p.Stdout.Syslog, p.Stderr.LogFile.Kind));
        Assert.Equal(
            "For [program:p], stdout_logfile=syslog but this is deprecated and will be removed.  Use stdout_syslog=true to enable syslog instead.",
            Assert.Single(config.Warnings));
    }

    [Theory]
    [InlineData("x=1\n", "File contains no section headers.\nfile: '/etc/s.conf', line: 1\n'x=1\\n'")]
    [InlineData("[supervisord]\njunk\n=x\n", "Source contains parsing errors: '/etc/s.conf'\n\t[line  2]: 'junk\\n'\n\t[line  3]: '=x\\n'")]
    [InlineData("[x]\n", ".ini file does not include supervisord section")]
    [InlineData("[supervisord]\nidentifier=%(nope)s\n", "Format string '%(nope)s' for 'supervisord.identifier' contains names ('nope') which cannot be expanded. Available names: ENV_HOME, ENV_LANG, here")]
    [InlineData("[supervisord]\nidentifier=50%\n", "Format string '50%' for 'supervisord.identifier' is badly formatted: incomplete format")]
    [InlineData("[supervisord]\nuser=nobody\n", "Invalid user name nobody")]
    [InlineData("[supervisord]\n[program:p]\n", "program section program:p does not specify a command in section 'program:p' (file: '/etc/s.conf')")]
    [InlineData("[supervisord]\n[program:a b]\ncommand=c\n", "Invalid name: 'a b' because of character: ' '")]
    [InlineData("[supervisord]\n[rpcinterface:x]\nsupervisor.rpcinterface_factory=my.module:make\n", "my.module:make cannot be resolved within [rpcinterface:x]: Python RPC interfaces cannot be loaded, only supervisor.rpcinterface:make_main_rpcinterface is built in; remove the section")]
    public void Refusals_HaveUpstreamsWords(string text, string message) => Assert.Equal(message, Refusal(text));

    [Fact]
    public void Search_NothingFound_ListsThePlaces_CFG002()
    {
        var e = Assert.Throws<ConfigException>(() => new ConfigLoader(_host).Load(new ConfigRequest { Argv0 = "/usr/bin/supervisord" }));
        Assert.StartsWith("No config file found at default paths (/usr/etc/supervisord.conf, /usr/supervisord.conf, supervisord.conf,", e.Message, StringComparison.Ordinal);
    }
}
