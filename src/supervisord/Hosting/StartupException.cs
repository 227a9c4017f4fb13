namespace Supervisor.Daemon.Hosting;

/// <summary>The start is refused: the text goes behind <c>Error: </c>, status 2.</summary>
internal sealed class StartupException(string message) : Exception(message);
