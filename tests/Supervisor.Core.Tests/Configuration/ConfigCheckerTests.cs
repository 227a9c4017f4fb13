using Supervisor.Core.Configuration;
using Supervisor.Core.Configuration.Checking;
using Supervisor.Core.Configuration.Loading;
using Supervisor.Testing;
using Supervisor.Testing.Files;

namespace Supervisor.Core.Tests.Configuration;

public class ConfigCheckerTests
{
    private const string Rest = "[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface\n";

    private readonly FakeConfigHost _host = new();
    private readonly MemoryFileSystem _files = new();

    public ConfigCheckerTests()
    {
        _files["/bin/cat"] = "";
        _files.Executables.Add("/bin/cat");
    }

    private IReadOnlyList<ConfigFinding> Check(string text)
    {
        _host.Files["s.conf"] = text;
        return ConfigChecker.Check(_host, _files, new ConfigRequest { ConfigFile = "s.conf" });
    }

    private string Lines(string text) => string.Join('\n', Check(text).Select(f => $"{f.Line} {f.Severity} {f.Option}: {f.Message}"));

    private string Program(string options) => Lines("[supervisord]\n[program:p]\ncommand=/bin/cat\n" + options);

    [Fact]
    public void Clean_SaysNothing() => Assert.Empty(Check("[supervisord]\n" + Rest + "[program:p]\ncommand=/bin/cat\n"));

    [Fact]
    public void EveryMistake_IsTold_NotTheFirstOnly() => Assert.Equal(
        """
        2 Error minfds: invalid literal for int() with base 10: 'x'
        4 Error loglevel: bad logging level name 'loud'
        6 Error autostart: not a valid boolean value: 'perhaps'
        7 Error stopsignal: value 'NOPE' is not a valid signal name
        9 Error : program section program:q does not specify a command
        """,
        Lines("[supervisord]\nminfds=x\n\nloglevel=loud\n[program:p]\nautostart=perhaps\nstopsignal=NOPE\ncommand=/bin/cat\n[program:q]\n"));

    [Fact]
    public void BadLines_AreToldEach() => Assert.Equal(
        "1 Error : no section before this line: 'early'\n3 Error : not an option, a section or a comment: 'nonsense'\n5 Error : not an option, a section or a comment: '=x'",
        Lines("early\n[supervisord]\nnonsense\n" + "identifier=a\n=x\n"));

    [Fact]
    public void AMistakeOfEveryProcess_IsToldOnce() =>
        Assert.Single(Check("[supervisord]\n[program:p]\ncommand=%(nope)s\nnumprocs=5\nprocess_name=%(process_num)s\n"), f => f.Severity == FindingSeverity.Error);

    [Theory]
    [InlineData("[programm:x]\n", "unknown section [programm:x], ignored; did you mean [program:x]?")]
    [InlineData("[program]\n", "unknown section [program], ignored; did you mean [program:name]?")]
    [InlineData("[program web]\n", "unknown section [program web], ignored; did you mean [program:web]?")]
    [InlineData("[weather]\n", "unknown section [weather], ignored")]
    [InlineData("[program:x]\ncommand=/bin/cat\nautostrat=true\n", "unknown option, ignored; did you mean autostart?")]
    [InlineData("[program:x]\ncommand=/bin/cat\nloglevel=info\n", "unknown option, ignored; it belongs in [supervisord]")]
    [InlineData("[program:x]\ncommand=/bin/cat\nqqqqqqqqq=1\n", "unknown option, ignored")]
    public void UnknownNames_AreWarnedOf_WithWhatWasMeant(string text, string warning) =>
        Assert.Equal(warning, Assert.Single(Check("[supervisord]\n" + text)).Message);

    [Fact]
    public void Defaults_AreNotUnknownInEverySection() =>
        Assert.DoesNotContain(
            Check("[DEFAULT]\nautostart=true\nrate=5\n[supervisord]\n[program:p]\ncommand=/bin/cat\n[include]\nfiles=%(here)s/x\n"), f => f.Option != "files");

    [Theory]
    [InlineData("directory=/nope\n", "4 Warning directory: /nope is not an existing directory: the program cannot start")]
    [InlineData("stdout_logfile=/nope/x\n", "4 Error stdout_logfile: The directory named as part of the path /nope/x does not exist")]
    [InlineData("command=/bin/dog\n", "4 Warning command: overrides the value of s.conf:3\n4 Warning command: the program cannot start: can't find command '/bin/dog'")]
    [InlineData("redirect_stderr=true\nstderr_logfile=/tmp/x\n",
        "5 Warning stderr_logfile: For [program:p], redirect_stderr=true but stderr_logfile has also been set to a filename, the filename has been ignored")]
    [InlineData("stdout_logfile=/tmp/x\nstderr_logfile=/tmp/x\n", "5 Warning stderr_logfile: /tmp/x is also the log of process p: rotation will mix them up and lose lines")]
    [InlineData("environment=A\n", "4 Error environment: Unexpected end of key/value pairs in value 'A'")]
    public void Programs_ThatCannotWork_AreTold(string options, string expected) => Assert.Equal(expected, Program(options));

    [Fact]
    public void Groups_OfOneName_AreWarnedOf() => Assert.Equal(
        "several groups are called x: only the first in order of priority is made, with the processes a, b",
        Assert.Single(Check(
            "[supervisord]\n[group:x]\nprograms=a,b\n[program:a]\ncommand=/bin/cat\n[program:b]\ncommand=/bin/cat\n[program:x]\ncommand=/bin/cat\n")).Message);

    [Fact]
    public void Shell_WordsAreNotUnderstood() => Assert.StartsWith("&& is an argument like any other",
        Assert.Single(Check("[supervisord]\n[program:p]\ncommand=/bin/cat && rm x\n")).Message, StringComparison.Ordinal);

    [Fact]
    public void OpenPort_WithoutPassword_IsWarnedOf() => Assert.Equal(
        "2 Warning port: anybody who reaches this port can run commands as the daemon's user: no username and password are set",
        Lines("[inet_http_server]\nport=*:9001\n[supervisord]\n" + Rest));

    [Theory]
    [InlineData("username=\npassword=p", "3 Error username: an empty username turns authentication off: set a name, or remove both username and password")]
    [InlineData("username=%(ENV_EMPTY)s\npassword=p", "3 Error username: an empty username turns authentication off: set a name, or remove both username and password")]
    [InlineData("username=u\npassword=", "4 Error password: the password is empty: the user name alone lets anybody in; set a password")]
    [InlineData("username=u\npassword=%(ENV_EMPTY)s", "4 Error password: the password is empty: the user name alone lets anybody in; set a password")]
    [InlineData("username=u\npassword=%(ENV_BLANK)s", "4 Error password: the password is empty: the user name alone lets anybody in; set a password")]
    [InlineData("username=%(ENV_BLANK)s\npassword=p", "3 Error username: the username consists of blanks: set a name")]
    [InlineData("username=u\npassword={SHA}da39a3ee5e6b4b0d3255bfef95601890afd80709", "4 Error password: the password is empty: the user name alone lets anybody in; set a password")]
    [InlineData("username=u\npassword={SHA}", "4 Error password: the password lets nobody in: {SHA} must be followed by 40 hexadecimal digits in lower case")]
    [InlineData("username=u\npassword={SHA}DA39A3EE5E6B4B0D3255BFEF95601890AFD80709", "4 Error password: the password lets nobody in: {SHA} must be followed by 40 hexadecimal digits in lower case")]
    [InlineData("username=u\npassword_file=/blank", "4 Error password_file: Section [inet_http_server]: password_file /blank has no password in its first line")]
    [InlineData("username=u\npassword_file=/nothing", "4 Error password_file: the password is empty: the user name alone lets anybody in; set a password")]
    [InlineData("username=u\npassword={SHA}9d4e1e23bd5b727046a9e3b4b7db57bd8d6ee684", "")]
    [InlineData("username=u\npassword=%(ENV_GOOD)s", "")]
    [InlineData("username=u\npassword=p\nallowed_hosts=a.example,,b", "5 Warning allowed_hosts: allowed_hosts has an empty entry, which allows nothing")]
    [InlineData("username=u\npassword=p\nallowed_hosts=https://a.example", "5 Warning allowed_hosts: https://a.example in allowed_hosts is no host name, and allows nothing")]
    public void Login_ThatProtectsNothing_IsAnError(string lines, string expected)
    {
        foreach (var (name, value) in new[] { ("EMPTY", ""), ("BLANK", "  "), ("GOOD", "hunter2") })
        {
            _host.Variables[name] = value;
        }

        _host.Files["/blank"] = "   \nsecond\n";
        _host.Files["/nothing"] = "{SHA}da39a3ee5e6b4b0d3255bfef95601890afd80709\n";
        Assert.Equal(expected, Lines($"[inet_http_server]\nport=127.0.0.1:9001\n{lines}\n[supervisord]\n" + Rest));
    }

    [Fact]
    public void SecretVariables_AreThoseOfLogins()
    {
        foreach (var name in new[] { "A", "B", "C", "D", "USER" })
        {
            _host.Variables[name] = name;
        }

        _host.Files["s.conf"] = """
            [inet_http_server]
            port=127.0.0.1:9001
            username=%(ENV_A)s
            password=x%(ENV_B)s%%(ENV_D)s
            [unix_http_server]
            file=/s
            username=%(ENV_USER)s
            password=p
            [supervisorctl]
            password=%(ENV_C)s
            [supervisord]
            [program:p]
            command=/bin/echo %(ENV_D)s
            """.ReplaceLineEndings("\n");
        var config = new ConfigLoader(_host).Load(new ConfigRequest { ConfigFile = "s.conf" });
        Assert.Equal(["A", "B", "C"], config.Supervisord.SecretVariables.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void IncludedFile_IsNamed()
    {
        _host.Files["/work/more.conf"] = "[program:x]\ncommand=/bin/cat\nstartsecs=soon\n";
        var finding = Assert.Single(Check("[supervisord]\n[include]\nfiles=/work/more.conf\n"));
        Assert.Equal(("/work/more.conf", 3, "startsecs"), (finding.File, finding.Line, finding.Option));
    }

    [Fact]
    public void MissingFile_IsAnError() =>
        Assert.Equal("could not find config file none", Assert.Single(ConfigChecker.Check(_host, _files, new ConfigRequest { ConfigFile = "none" })).Message);

    // Whatever the daemon refuses, the check finds; what it accepts, the check calls no error.
    [Theory]
    [InlineData("[program:p]\ncommand=a\nuser=nobodyatall\n")]
    [InlineData("[program:p y]\ncommand=a\n")]
    [InlineData("[group:g]\nprograms=x\n")]
    [InlineData("[eventlistener:l]\ncommand=a\nevents=TICK5\n")]
    [InlineData("[fcgi-program:f]\ncommand=a\nsocket=unix:///x\nsocket_mode=9\n")]
    [InlineData("[unix_http_server]\nchmod=700\n")]
    [InlineData("[inet_http_server]\nport=x\n")]
    [InlineData("[rpcinterface:x]\nsupervisor.rpcinterface_factory=a:b\n")]
    [InlineData("[include]\n")]
    [InlineData("")]
    public void Check_AgreesWithTheDaemon(string text)
    {
        text = "[supervisord]\n" + text;
        var findings = Check(text);
        _host.Files["s.conf"] = text;
        var refused = Record.Exception(() => new ConfigLoader(_host).Load(new ConfigRequest { ConfigFile = "s.conf" })) as ConfigException;
        Assert.Equal(refused is not null, findings.Any(f => f.Severity == FindingSeverity.Error));
    }
}
