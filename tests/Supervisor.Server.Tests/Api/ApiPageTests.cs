using System.Text;
using Supervisor.Rpc.Contract;
using Supervisor.Rpc.Dispatch;
using Supervisor.Server.Api;
using Supervisor.Server.Tests.Support;
using Supervisor.Testing;

namespace Supervisor.Server.Tests.Api;

/// <summary>docs/api.md is made from the rows of the methods; UPDATE_GENERATED=1 writes it anew.</summary>
public sealed class ApiPageTests
{
    private const string Introduction = """
        # JSON for programs

        <!-- Made from the rows of the methods; UPDATE_GENERATED=1 dotnet test writes it anew. -->

        Every method of the XML-RPC interface is there as JSON too, on the same ports and behind the same password:

        ```sh
        curl -s http://127.0.0.1:9001/api/v1/supervisor/getState
        curl -s 'http://127.0.0.1:9001/api/v1/supervisor/getProcessInfo?name=web'
        curl -s http://127.0.0.1:9001/api/v1/supervisor/startProcess -H 'Content-Type: application/json' -d '{"name": "web"}'
        curl -sN http://127.0.0.1:9001/api/v1/events
        ```

        * `POST /api/v1/NAMESPACE/METHOD` with `Content-Type: application/json` does a call. The body is an object with the parameters' names, or an
          array in their order, or nothing. What only looks can be asked by `GET` with a query as well. The namespace is that of the
          `[rpcinterface:x]` section, `supervisor` usually, and `system`.
        * The answer is `{"result": ...}` with what XML-RPC would answer, or `{"error": {"status": 404, "code": 10, "name": "BAD_NAME", "message":
          "BAD_NAME: web"}}` with that HTTP status. `code` and `name` are missing when the request itself was wrong.
        * Bodies end at 8 MiB, and at 32 levels.
        * `/api/v1/openapi.json` describes all this to programs (OpenAPI 3.1).

        Python Supervisor answers 404 to these paths.

        ## Streams

        `GET /api/v1/events` sends [server-sent events](https://html.spec.whatwg.org/multipage/server-sent-events.html) without end. The first is
        `snapshot`, with all processes; then comes each event as it happens, by its name:

        ```
        event: PROCESS_STATE_RUNNING
        data: {"event":"PROCESS_STATE_RUNNING","headers":{"processname":"web","groupname":"web","from_state":"STARTING","pid":"4711"},"body":"","processes":[{"name":"web", ...}]}
        ```

        `headers` and `body` are what an event listener gets; `processes` is what getProcessInfo answers when the event is sent, of the processes
        that it is about, with `"restartpending": true` while one that has ended waits for its automatic restart. `?types=` chooses other types than `PROCESS_STATE,PROCESS_GROUP,SUPERVISOR_STATE_CHANGE`. `?usage=1` adds events of the
        type `usage` every few seconds: `{"NAME": [percent of one CPU or null, bytes of memory]}`, of a process and its descendants.

        A client that reads too slowly misses events and gets a new `snapshot` in their place; one that comes back gets one as well. Nothing here
        can hold up the daemon.

        `GET /api/v1/log?name=NAME&channel=stdout|stderr&bytes=N` sends the last N bytes of a log and what is written to it, as events of the type
        `log`, whose data is text as a JSON string. Rotation and truncation are followed. The id of each event is a position: `Last-Event-ID`, or
        `from=ID`, goes on behind it. Without a name it is the activity log. Who is more than 4 MiB behind misses what is in between.

        A comment comes every 15 seconds when there is nothing else. There are 64 streams at a time; more are answered 503.

        """;

    [Fact]
    public void Page_IsMadeFromTheRows()
    {
        var rpc = new RpcDispatcher(CannedApi.Create().Api, ["supervisor"], new SilentRpcLog());
        var text = new StringBuilder(Introduction.ReplaceLineEndings("\n"));
        text.Append("\n## Faults\n\n| code | name | HTTP status |\n| --- | --- | --- |\n");
        foreach (var code in Enum.GetValues<FaultCode>().Where(c => c != FaultCode.Success))
        {
            text.Append($"| {(int)code} | {code.WireName()} | {ApiReplies.StatusOf((int)code)} |\n");
        }

        text.Append("\n## Methods\n\n");
        foreach (var method in rpc.Methods)
        {
            var (verb, path) = (method.ReadOnly ? "GET, POST" : "POST", method.Name.Replace('.', '/'));
            text.Append($"### {verb} /api/v1/{path}\n\n{method.Summary}\n\n");
            foreach (var parameter in method.Parameters)
            {
                text.Append($"* `{parameter.Name}` ({parameter.Type}{(parameter.Optional ? ", optional" : "")}): {parameter.Doc.Replace("``", "`", StringComparison.Ordinal)}.\n");
            }

            text.Append(method.Parameters.Count > 0 ? "\n" : "");
            var example = Encoding.UTF8.GetString(JsonText.Document(json => JsonText.Write(json, method.Example)));
            text.Append($"Result: {method.ReturnDoc}.\n\n```json\n{{\"result\":{example}}}\n```\n\n");
        }

        var page = text.ToString().TrimEnd() + "\n";
        Assert.Equal(page, Repository.Generated("docs/api.md", page));
    }
}
