using Supervisor.Core.Configuration.Model;

namespace Supervisor.Server.Http;

/// <summary>One configured server with its socket.</summary>
/// <param name="Config">The section.</param>
/// <param name="ListenDescriptor">Bound and listening; borrowed until the frontend is disposed.</param>
public sealed record HttpEndpoint(HttpServerConfig Config, nint ListenDescriptor);
