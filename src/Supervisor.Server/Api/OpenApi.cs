using System.Text.Json;
using Supervisor.Core;
using Supervisor.Core.Events;
using Supervisor.Rpc.Contract;
using Supervisor.Rpc.Wire;

namespace Supervisor.Server.Api;

/// <summary>The OpenAPI 3.1 document of the JSON interface, made from the rows of the methods.</summary>
internal static class OpenApi
{
    public static byte[] Document(IReadOnlyList<RpcMethodInfo> methods) => JsonText.Document(json =>
    {
        json.WriteStartObject();
        json.WriteString("openapi", "3.1.0");
        json.WriteStartObject("info");
        json.WriteString("title", "Supervisor.Net");
        json.WriteString("version", ReferenceVersion.Text);
        json.WriteString("description", "The methods of Supervisor's XML-RPC interface as JSON, and what happens as it happens.");
        json.WriteEndObject();
        // Relative to this document: right behind a proxy's prefix too.
        json.WriteStartArray("servers");
        json.WriteStartObject();
        json.WriteString("url", "./");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("paths");
        foreach (var method in methods)
        {
            Path(json, method);
        }

        Stream(json, "/events", "What happens, beginning with a snapshot of all processes.",
            ("types", "string", $"Event types, with commas; by default PROCESS_STATE,PROCESS_GROUP,SUPERVISOR_STATE_CHANGE. Known: {string.Join(", ", EventTypes.Names)}"),
            ("usage", "integer", "1: also CPU (percent) and memory (bytes) of each process, every few seconds"));
        Stream(json, "/log", "What a log has and gets.",
            ("name", "string", "A process; without it the activity log"),
            ("channel", "string", "stdout or stderr"),
            ("bytes", "integer", "How much of what is there already, at most"),
            ("from", "string", "Id of the last event of an earlier stream: goes on behind it"));
        json.WriteEndObject();
        Components(json);
        json.WriteEndObject();
    });

    private static void Path(Utf8JsonWriter json, RpcMethodInfo method)
    {
        json.WriteStartObject("/" + method.Name.Replace('.', '/'));
        if (method.ReadOnly)
        {
            Operation(json, method, "get");
        }

        Operation(json, method, "post");
        json.WriteEndObject();
    }

    private static void Operation(Utf8JsonWriter json, RpcMethodInfo method, string verb)
    {
        json.WriteStartObject(verb);
        json.WriteString("operationId", verb == "get" ? method.Name : method.Name + ".post");
        json.WriteString("summary", method.Summary);
        if (verb == "get")
        {
            json.WriteStartArray("parameters");
            foreach (var parameter in method.Parameters)
            {
                QueryParameter(json, parameter.Name, TypeOf(parameter), parameter.Doc, !parameter.Optional);
            }

            json.WriteEndArray();
        }
        else if (method.Parameters.Count > 0)
        {
            Body(json, method);
        }

        json.WriteStartObject("responses");
        json.WriteStartObject("200");
        json.WriteString("description", method.ReturnDoc);
        Content(json, "application/json", () =>
        {
            json.WriteString("type", "object");
            Required(json, ["result"]);
            json.WriteStartObject("properties");
            json.WriteStartObject("result");
            Result(json, method);
            json.WriteEndObject();
            json.WriteEndObject();
        });
        json.WriteEndObject();
        json.WriteStartObject("default");
        json.WriteString("$ref", "#/components/responses/Error");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Body(Utf8JsonWriter json, RpcMethodInfo method)
    {
        json.WriteStartObject("requestBody");
        json.WriteBoolean("required", true);
        Content(json, "application/json", () =>
        {
            json.WriteString("type", "object");
            Required(json, method.Parameters.Where(p => !p.Optional).Select(p => p.Name));
            json.WriteBoolean("additionalProperties", false);
            json.WriteStartObject("properties");
            foreach (var parameter in method.Parameters)
            {
                json.WriteStartObject(parameter.Name);
                json.WriteString("type", TypeOf(parameter));
                json.WriteString("description", parameter.Doc);
                if (parameter.Type == "array")
                {
                    json.WriteStartObject("items");
                    json.WriteString("type", "object");
                    json.WriteEndObject();
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
        });
        json.WriteEndObject();
    }

    // Names may stand for a group, as in group:*, and then the answer is the group's.
    private static void Result(Utf8JsonWriter json, RpcMethodInfo method)
    {
        if (method.ReturnType == "boolean" && method.Parameters.Any(p => p.Doc.Contains("group:*", StringComparison.Ordinal)))
        {
            json.WriteStartArray("type");
            json.WriteStringValue("boolean");
            json.WriteStringValue("array");
            json.WriteEndArray();
        }
        else
        {
            Schema(json, method.Example);
        }

        json.WriteString("description", method.ReturnDoc);
    }

    private static void Schema(Utf8JsonWriter json, RpcValue example)
    {
        switch (example)
        {
            case RpcStruct s:
                json.WriteString("type", "object");
                Required(json, s.Members.Select(m => m.Key));
                json.WriteStartObject("properties");
                foreach (var (name, value) in s.Members)
                {
                    json.WriteStartObject(name);
                    Schema(json, value);
                    json.WriteEndObject();
                }

                json.WriteEndObject();
                break;
            case RpcArray a:
                json.WriteString("type", "array");
                if (a.Items.Count > 0 && a.Items.All(i => i.GetType() == a.Items[0].GetType()))
                {
                    json.WriteStartObject("items");
                    Schema(json, a.Items[0]);
                    json.WriteEndObject();
                }

                break;
            default:
                json.WriteString("type", example switch
                {
                    RpcInt => "integer",
                    RpcBool => "boolean",
                    RpcDouble => "number",
                    _ => "string",
                });
                break;
        }
    }

    private static void Stream(Utf8JsonWriter json, string path, string summary, params (string Name, string Type, string Doc)[] parameters)
    {
        json.WriteStartObject(path);
        json.WriteStartObject("get");
        json.WriteString("operationId", path[1..]);
        json.WriteString("summary", summary);
        json.WriteStartArray("parameters");
        foreach (var (name, type, doc) in parameters)
        {
            QueryParameter(json, name, type, doc, required: false);
        }

        json.WriteEndArray();
        json.WriteStartObject("responses");
        json.WriteStartObject("200");
        json.WriteString("description", "Server-sent events without end, their data being JSON");
        Content(json, "text/event-stream", () => json.WriteString("type", "string"));
        json.WriteEndObject();
        json.WriteStartObject("default");
        json.WriteString("$ref", "#/components/responses/Error");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void QueryParameter(Utf8JsonWriter json, string name, string type, string doc, bool required)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("in", "query");
        json.WriteBoolean("required", required);
        json.WriteString("description", doc);
        json.WriteStartObject("schema");
        json.WriteString("type", type);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Content(Utf8JsonWriter json, string type, Action schema)
    {
        json.WriteStartObject("content");
        json.WriteStartObject(type);
        json.WriteStartObject("schema");
        schema();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Required(Utf8JsonWriter json, IEnumerable<string> names)
    {
        if (names.Any())
        {
            json.WriteStartArray("required");
            foreach (var name in names)
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
        }
    }

    private static void Components(Utf8JsonWriter json)
    {
        json.WriteStartObject("components");
        json.WriteStartObject("responses");
        json.WriteStartObject("Error");
        json.WriteString("description", "What was wrong; with code and name when it is one of the interface's faults.");
        Content(json, "application/json", () =>
        {
            Schema(json, new RpcStruct([new("error", new RpcStruct(
                [new("status", 404), new("message", "BAD_NAME: web")]))]));
        });
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("securitySchemes");
        json.WriteStartObject("basic");
        json.WriteString("type", "http");
        json.WriteString("scheme", "basic");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        // With or without, as the server is configured.
        json.WriteStartArray("security");
        json.WriteStartObject();
        json.WriteEndObject();
        json.WriteStartObject();
        json.WriteStartArray("basic");
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static string TypeOf(RpcParameter parameter) => parameter.Type == "int" ? "integer" : parameter.Type;
}
