using System.Text.Json;
using Supervisor.Core;
using Supervisor.Core.Engine;
using Supervisor.Core.Processes;
using Supervisor.Server.Api;
using Supervisor.Server.Rpc;

namespace Supervisor.Server.Live;

/// <summary>All that a client needs to know before events make sense.</summary>
internal sealed record Snapshot(string Identifier, int Pid, SupervisorState State, IReadOnlyList<ProcessReport> Processes)
{
    /// <summary>Looks only; what is costly is left for <see cref="Write"/>.</summary>
    public static Snapshot Take(ISupervisor supervisor) => new(
        supervisor.Config.Supervisord.Identifier, supervisor.Pid, supervisor.State,
        [.. supervisor.Groups.SelectMany(g => g.Processes).Select(p => p.Report())]);

    /// <param name="json">Where to.</param>
    /// <param name="calls">The namespace that the supervisor's methods are offered under; null when none.</param>
    public void Write(Utf8JsonWriter json, string? calls)
    {
        json.WriteStartObject();
        json.WriteString("identification", Identifier);
        json.WriteString("host", Environment.MachineName);
        json.WriteString("version", ReferenceVersion.Text);
        json.WriteNumber("pid", Pid);
        json.WriteNumber("statecode", (int)State);
        json.WriteString("statename", State.ToString().ToUpperInvariant());
        json.WriteString("namespace", calls);
        json.WriteStartArray("processes");
        foreach (var report in Processes)
        {
            JsonText.Write(json, SupervisorApi.Struct(report));
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
