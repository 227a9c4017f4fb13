using Supervisor.Core.Configuration.Loading;
using Supervisor.Core.Configuration.Writers;
using Supervisor.Testing;

namespace Supervisor.Core.Tests.Configuration;

public class ConfigListingTests
{
    private readonly FakeConfigHost _host = new();

    private string[] List(string text, ConfigRequest? request = null)
    {
        _host.Files["/etc/s.conf"] = text;
        return ConfigListing.Write(_host, (request ?? new ConfigRequest()) with { ConfigFile = "/etc/s.conf" }).Split('\n')
            .Select(line => string.Join(" ; ", line.Split(" ; ").Select(part => part.TrimEnd()))).ToArray();
    }

    [Fact]
    public void Values_HaveTheirOrigin()
    {
        _host.Files["/etc/more.conf"] = "[program:p]\nstartsecs=5\n";
        var lines = List("[supervisord]\nloglevel=debug\numask=027\n[include]\nfiles=more.conf\n[program:p]\ncommand=a %(program_name)s\n", new ConfigRequest { NoDaemon = true });
        Assert.Contains("loglevel = debug ; /etc/s.conf:2", lines);
        Assert.Contains("umask = 027 ; /etc/s.conf:3", lines);
        Assert.Contains("nodaemon = true ; command line", lines);
        Assert.Contains("logfile = /work/supervisord.log ; default", lines);
        Assert.Contains("command = a p ; /etc/s.conf:7", lines);
        Assert.Contains("startsecs = 5 ; /etc/more.conf:2", lines);
        Assert.Contains("[program:p] ; process p:p, /etc/s.conf:6", lines);
    }

    [Fact]
    public void Passwords_AreNotShown()
    {
        var lines = List("[supervisord]\n[inet_http_server]\nport=*:9001\nusername=u\npassword=secret\n");
        Assert.Contains("password = (not shown) ; /etc/s.conf:5", lines);
        Assert.Contains("port = *:9001 ; /etc/s.conf:3", lines);
        Assert.DoesNotContain(lines, l => l.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void EveryProcess_OfSeveral_IsListed()
    {
        var lines = List("[supervisord]\n[group:g]\nprograms=p\n[program:p]\ncommand=a\nnumprocs=2\nprocess_name=n%(process_num)s\nenvironment=N=\"%(process_num)s\"\n");
        Assert.Contains("process_name = n1 ; /etc/s.conf:7", lines);
        Assert.Contains("environment = N=\"0\" ; /etc/s.conf:8", lines);
        Assert.Contains("[group:g] ; group g, /etc/s.conf:2", lines);
    }
}
