using Supervisor.Daemon.CommandLine;
using Supervisor.Testing;

namespace Supervisor.Daemon.Tests.Generated;

/// <summary>Manual pages in the repository that are made from the daemon's tables. UPDATE_GENERATED=1 writes them anew.</summary>
public sealed class ManualTests
{
    [Fact]
    public void Supervisord_IsWhatTheUsageSays() => Check("supervisord.1", new ManPage("supervisord", 1, "start programs, watch them and keep them running")
        .Section("SYNOPSIS")
        .Paragraph("supervisord [options]")
        .Section("DESCRIPTION")
        .Paragraph("Reads supervisord.conf(5), starts the programs in it, starts them again when they end, writes down what they print, and is looked "
            + "after by supervisorctl(1), over XML-RPC or in a browser. Without -c it looks for ../etc/supervisord.conf and ../supervisord.conf "
            + "relative to itself, then supervisord.conf and etc/supervisord.conf in the current directory, then /etc/supervisord.conf and "
            + "/etc/supervisor/supervisord.conf.")
        .Section("OPTIONS")
        .Options(UsageText.Help("supervisord"))
        .Section("SIGNALS")
        .Item("SIGTERM, SIGINT, SIGQUIT", "Stop all programs and end.")
        .Item("SIGHUP", "Stop all programs, read the configuration again and start. A configuration that is rejected changes nothing.")
        .Item("SIGUSR2", "Reopen all log files. Create the unix socket and the pid file again if they have been removed.")
        .Section("EXIT STATUS")
        .Item("0", "It ended as it was asked to, or runs in the background.")
        .Item("1", "It could not start, for instance because another one uses the socket.")
        .Item("2", "Wrong options or configuration.")
        .Section("SEE ALSO")
        .Paragraph("supervisorctl(1), supervisord.conf(5), echo_supervisord_conf(1), pidproxy(1), supervisor-listeners(1)"));

    [Fact]
    public void Sample_IsDescribed() => Check("echo_supervisord_conf.1", new ManPage("echo_supervisord_conf", 1, "print a sample supervisord.conf")
        .Section("SYNOPSIS")
        .Paragraph("echo_supervisord_conf > supervisord.conf")
        .Section("SEE ALSO")
        .Paragraph("supervisord.conf(5)"));

    [Fact]
    public void Pidproxy_IsDescribed() => Check("pidproxy.1", new ManPage("pidproxy", 1, "stand in for a program that puts itself into the background")
        .Section("SYNOPSIS")
        .Paragraph("pidproxy PIDFILE COMMAND [ARGUMENTS]")
        .Section("DESCRIPTION")
        .Paragraph("Runs the command and stays in the foreground for as long as it lives. Signals that it gets, SIGHUP, SIGINT, SIGTERM, SIGUSR1, "
            + "SIGUSR2 and SIGQUIT, go to the process whose pid is in PIDFILE, a regular file or a link to one. The number 1, and those that "
            + "stand for groups of processes, are rejected.")
        .Section("SEE ALSO")
        .Paragraph("supervisord(1)"));

    private static void Check(string file, ManPage page) => Assert.Equal(page.Text, Repository.Generated("docs/man/" + file, page.Text));
}
