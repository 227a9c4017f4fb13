using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Ports;

namespace Supervisor.Core.Output;

/// <summary>Makes the sinks of a spawn.</summary>
public sealed class OutputSinkFactory(IFileSystem files, ISyslog syslog, IActivityLog log) : IOutputSinkFactory
{
    public IOutputSink Create(
        string processName, OutputChannel channel, ChannelConfig config, string? logPath, bool stripAnsi, IChannelEvents events) =>
        new OutputSink(processName, channel, config, logPath, stripAnsi, events, files, syslog, log);

    public IOutputSink CreateForListener(string processName, ChannelConfig config, string? logPath, bool stripAnsi) =>
        new OutputSink(processName, OutputChannel.Stdout, config, logPath, stripAnsi, null, files, syslog, log);
}
