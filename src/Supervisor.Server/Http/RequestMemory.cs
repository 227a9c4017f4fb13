using Supervisor.Core.Ports;

namespace Supervisor.Server.Http;

/// <summary>What holds the requests of all clients, and long answers.</summary>
/// <param name="Native">Where they lie: the collector would have to move them, and everything stops for that.</param>
/// <param name="Budget">How much those that are long may take.</param>
/// <param name="Trim">Hears of those that leave something behind.</param>
internal sealed record RequestMemory(INativeMemory Native, MemoryBudget Budget, GcTrimmer Trim);
