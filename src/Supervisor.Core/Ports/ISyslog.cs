namespace Supervisor.Core.Ports;

/// <summary>The system logger (facility user, priority info, ident = program basename). Never blocks and never throws.</summary>
public interface ISyslog
{
    void Write(ReadOnlySpan<byte> line);
}
