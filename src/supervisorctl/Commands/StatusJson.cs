using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Supervisor.Rpc.Contract;

namespace Supervisor.Ctl.Commands;

/// <summary><c>status --json</c>: an array with one object per process, times in seconds since 1970, for programs to read.</summary>
internal static class StatusJson
{
    public static ReadOnlySpan<byte> Format(IReadOnlyList<ProcessInfo> processes)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartArray();
            foreach (var process in processes)
            {
                Write(json, process);
            }

            json.WriteEndArray();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan;
    }

    private static void Write(Utf8JsonWriter json, ProcessInfo process)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, process.Name);
        json.WriteString("group"u8, process.Group);
        json.WriteString("statename"u8, process.StateName);
        json.WriteNumber("state"u8, process.State);
        json.WriteNumber("pid"u8, process.Pid);
        json.WriteNumber("start"u8, process.Start);
        json.WriteNumber("stop"u8, process.Stop);
        json.WriteNumber("now"u8, process.Now);
        json.WriteNumber("exitstatus"u8, process.ExitStatus);
        json.WriteString("spawnerr"u8, process.SpawnErr);
        json.WriteString("description"u8, process.Description);
        json.WriteEndObject();
    }
}
