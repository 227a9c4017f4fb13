using Supervisor.Core.Configuration.Model;

namespace Supervisor.Core.Ports;

/// <summary>Listening sockets of fcgi-programs (SPN-040..046).</summary>
public interface IFcgiSockets
{
    /// <summary>Binds and listens; throws <see cref="FcgiSocketException"/> with Python Supervisor's text. Returns the descriptor.</summary>
    int Open(FcgiSocketConfig socket);

    void Close(int descriptor);
}

public sealed class FcgiSocketException(string message) : Exception(message);
