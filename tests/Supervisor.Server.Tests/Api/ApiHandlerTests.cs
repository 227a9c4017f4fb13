using System.Text;
using System.Text.Json;
using Supervisor.Rpc.Contract;
using Supervisor.Rpc.Dispatch;
using Supervisor.Rpc.Wire;
using Supervisor.Server.Api;
using Supervisor.Server.Http;
using Supervisor.Server.Tail;
using Supervisor.Server.Tests.Support;
using Supervisor.Testing.Engine;

namespace Supervisor.Server.Tests.Api;

/// <summary>Requests in, JSON out: every row, every fault, everything that is refused.</summary>
public sealed class ApiHandlerTests
{
    private readonly CannedApi _canned;
    private readonly RpcDispatcher _rpc;
    private readonly MemoryBudget _answers = new(1_000_000);
    private readonly ApiHandler _handler;

    public ApiHandlerTests()
    {
        (var api, _canned) = CannedApi.Create();
        _rpc = new RpcDispatcher(api, ["supervisor"], new SilentRpcLog());
        var world = new FakeWorld();
        _handler = new ApiHandler(
            _rpc, new ImmediateLoop(world.Start()), new LogFiles(world.Files, TimeProvider.System), new FakeUsage(), new AccessLog(world.Log, TimeProvider.System), _answers);
    }

    public static TheoryData<string> Methods =>
        [.. new RpcDispatcher(CannedApi.Create().Api, ["supervisor"], new SilentRpcLog()).Methods.Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task EveryMethod_AnswersInTheShapeOfItsExample(string name)
    {
        var method = _rpc.Find(name)!;
        var body = JsonText.Document(json => JsonText.Write(json, new RpcStruct(
            [.. method.Parameters.Select(p => KeyValuePair.Create(p.Name, Sample(p)))])));
        var (status, answer) = await PostAsync(name.Replace('.', '/'), Encoding.UTF8.GetString(body));
        Assert.Equal(200, status);
        AssertShape(method.Example, answer.GetProperty("result"));

        // By position it is the same call.
        var first = _canned.Calls.LastOrDefault();
        var positional = JsonText.Document(json => JsonText.Write(json, new RpcArray([.. method.Parameters.Select(Sample)])));
        Assert.Equal(200, (await PostAsync(name.Replace('.', '/'), Encoding.UTF8.GetString(positional))).Status);
        Assert.Equal(first, _canned.Calls.LastOrDefault());
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Get_OnlyLooks(string name)
    {
        var method = _rpc.Find(name)!;
        var query = string.Join("&", method.Parameters.Select(p => $"{p.Name}={(p.Type == "int" ? "5" : p.Type == "boolean" ? "true" : "supervisor.getState")}"));
        var reply = await SendAsync($"GET /api/v1/{name.Replace('.', '/')}?{query} HTTP/1.1");
        Assert.Equal(method.ReadOnly ? 200 : 405, reply.Code);
        Assert.Equal(method.ReadOnly && name.StartsWith("supervisor.", StringComparison.Ordinal), _canned.Calls.Count > 0);
    }

    [Fact]
    public void ReadOnlyRows_AreThoseThatLook() => Assert.All(_rpc.Methods, m => Assert.Equal(
        m.Name.Split('.')[1] is var n && (n.StartsWith("get", StringComparison.Ordinal) || n.StartsWith("read", StringComparison.Ordinal)
            || n.StartsWith("tail", StringComparison.Ordinal) || n is "listMethods" or "methodHelp" or "methodSignature"),
        m.ReadOnly));

    [Theory]
    [InlineData("", "name is missing")]
    [InlineData("{}", "name is missing")]
    [InlineData("""{"name":7}""", "name must be string")]
    [InlineData("""{"name":"x","wait":"yes"}""", "wait must be boolean")]
    [InlineData("""{"name":"x","nome":"y"}""", "supervisor.startProcess has no parameter nome")]
    [InlineData("""{"name":"x","name":"y"}""", "name is there twice")]
    [InlineData("""["x",true,3]""", "supervisor.startProcess takes 2 at most")]
    [InlineData("\"x\"", "the body must be an object or an array")]
    [InlineData("{", "the body is not JSON")]
    [InlineData("{} {}", "the body is not JSON")]
    [InlineData("""{"name":"\ud800"}""", "the body is not JSON")]
    public async Task Arguments_ThatDoNotFit_AreRefused(string body, string text)
    {
        var (status, answer) = await PostAsync("supervisor/startProcess", body);
        Assert.Equal(400, status);
        Assert.Equal(2, answer.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal("INCORRECT_PARAMETERS", answer.GetProperty("error").GetProperty("name").GetString());
        Assert.StartsWith("INCORRECT_PARAMETERS: " + text, answer.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(_canned.Calls);
    }

    [Theory]
    [InlineData("supervisor/readLog?offset=x&length=1", "offset must be int")]
    [InlineData("supervisor/readLog?offset=1", "length is missing")]
    [InlineData("supervisor/getState?a=b", "supervisor.getState has no parameter a")]
    public async Task Queries_ThatDoNotFit_AreRefused(string path, string text)
    {
        var reply = await SendAsync($"GET /api/v1/{path} HTTP/1.1");
        Assert.Equal(400, reply.Code);
        Assert.Contains(text, Encoding.UTF8.GetString(reply.Body.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arguments_ThatFit_ReachTheMethod()
    {
        await PostAsync("supervisor/startProcess", """{"name":"g:\u00e9"}""");
        await PostAsync("supervisor/startProcess", """{"wait":false,"name":"x"}""");
        await PostAsync("supervisor/startProcess", """["y",null]""");
        await SendAsync("GET /api/v1/supervisor/readProcessStdoutLog?name=g%3Ap&offset=-100&length=0 HTTP/1.1");
        Assert.Equal(
            ["StartProcess(g:\u00e9, True)", "StartProcess(x, False)", "StartProcess(y, True)", "ReadProcessStdoutLog(g:p, -100, 0)"], _canned.Calls);
    }

    [Theory]
    [InlineData(FaultCode.BadName, 404)]
    [InlineData(FaultCode.NoFile, 404)]
    [InlineData(FaultCode.BadArguments, 400)]
    [InlineData(FaultCode.BadSignal, 400)]
    [InlineData(FaultCode.AlreadyStarted, 409)]
    [InlineData(FaultCode.NotRunning, 409)]
    [InlineData(FaultCode.StillRunning, 409)]
    [InlineData(FaultCode.SpawnError, 422)]
    [InlineData(FaultCode.AbnormalTermination, 422)]
    [InlineData(FaultCode.CantReread, 422)]
    [InlineData(FaultCode.Failed, 500)]
    [InlineData(FaultCode.ShutdownState, 503)]
    public async Task Faults_AreStatusCodeNameAndText(FaultCode code, int expected)
    {
        _canned.Fault = new RpcFaultException(code, "x");
        var (status, answer) = await PostAsync("supervisor/stopProcess", """{"name":"x"}""");
        var error = answer.GetProperty("error");
        Assert.Equal((expected, expected, (int)code), (status, error.GetProperty("status").GetInt32(), error.GetProperty("code").GetInt32()));
        Assert.Equal(code.WireName(), error.GetProperty("name").GetString());
        Assert.Equal(code.WireName() + ": x", error.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Multicall_TellsFaultsInTheirPlace()
    {
        var (_, answer) = await PostAsync("system/multicall", """{"calls":[{"methodName":"supervisor.getPID"},{"methodName":"nosuch"}]}""");
        Assert.Equal("""[7,{"faultCode":1,"faultString":"UNKNOWN_METHOD"}]""", answer.GetProperty("result").GetRawText());
    }

    [Theory]
    [InlineData("supervisor/nosuch")]
    [InlineData("nosuch/getState")]
    [InlineData("supervisor")]
    [InlineData("")]
    [InlineData("supervisor/getState/more")]
    public async Task UnknownPaths_AreUnknownMethods(string path) => Assert.Equal(404, (await PostAsync(path, "{}")).Status);

    [Theory]
    [InlineData("text/plain", 415)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    [InlineData("multipart/form-data; boundary=x", 415)]
    [InlineData(null, 415)]
    [InlineData("Application/JSON; charset=utf-8", 200)]
    public async Task Post_NeedsAType_ThatNoFormCanSend(string? type, int status)
    {
        var reply = await SendAsync("POST /api/v1/supervisor/shutdown HTTP/1.1" + (type is null ? "" : $"\r\nContent-Type: {type}"), "{}");
        Assert.Equal(status, reply.Code);
        Assert.Equal(status == 200 ? 1 : 0, _canned.Calls.Count);
    }

    [Theory]
    [InlineData("HEAD /api/v1/supervisor/getState HTTP/1.1", 405)]
    [InlineData("OPTIONS /api/v1/supervisor/startProcess HTTP/1.1", 405)]
    [InlineData("PUT /api/v1/supervisor/startProcess HTTP/1.1", 405)]
    [InlineData("POST /api/v1/events HTTP/1.1", 405)]
    [InlineData("POST /api/v1/openapi.json HTTP/1.1", 405)]
    [InlineData("GET /api/v1/events?types=NOSUCH HTTP/1.1", 400)]
    [InlineData("GET /api/v1/log?name=nosuch HTTP/1.1", 404)]
    public async Task OtherRequests_AreRefused(string line, int status)
    {
        var reply = await SendAsync(line);
        Assert.Equal(status, reply.Code);
        Assert.Equal("application/json", Header(reply, "Content-Type"));
    }

    [Fact]
    public async Task LargeBodies_AreRefusedUnread()
    {
        var reply = await _handler.HandleAsync(
            Head("POST /api/v1/supervisor/sendProcessStdin HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 9000000"),
            () => throw new InvalidOperationException("read"));
        Assert.Equal((413, true), (reply.Code, reply.Close));
    }

    [Fact]
    public async Task DeepBodies_AreRefused()
    {
        var body = string.Concat(Enumerable.Repeat("[", 100_000));
        Assert.Equal(400, (await PostAsync("system/multicall", body)).Status);
    }

    [Fact]
    public void AnswersOfAllKinds_AreJson()
    {
        var value = new RpcArray([new RpcInt(1L << 40), new RpcDouble(1.5), new RpcDouble(double.NaN), RpcNil.Instance, new RpcDateTime("20260102T03:04:05"), "a\"\u0001\n<\u4e16"]);
        var text = Encoding.UTF8.GetString(JsonText.Document(json => JsonText.Write(json, value)));
        Assert.Equal("[1099511627776,1.5,null,null,\"20260102T03:04:05\",\"a\\\"\\u0001\\n<\u4e16\"]", text);
        Assert.Equal(new RpcInt(1L << 40), ((RpcArray)JsonText.Read(Encoding.UTF8.GetBytes(text))).Items[0]);
    }

    private static RpcValue Sample(RpcParameter parameter) => parameter.Type switch
    {
        "int" => 5,
        "boolean" => true,
        "array" => new RpcArray([]),
        // methodHelp wants the name of a method, all others take it for that of a process.
        _ => "supervisor.getState",
    };

    private static void AssertShape(RpcValue example, JsonElement actual)
    {
        switch (example)
        {
            case RpcStruct s:
                Assert.Equal(JsonValueKind.Object, actual.ValueKind);
                if (s.Members.Count > 0)
                {
                    Assert.Equal(s.Members.Select(m => m.Key), actual.EnumerateObject().Select(p => p.Name));
                    Assert.All(s.Members, m => AssertShape(m.Value, actual.GetProperty(m.Key)));
                }

                break;
            case RpcArray { Items.Count: > 0 } a:
                Assert.All(actual.EnumerateArray().Zip(a.Items), x => AssertShape(x.Second, x.First));
                break;
            case RpcArray:
                Assert.Equal(JsonValueKind.Array, actual.ValueKind);
                break;
            case RpcInt:
                Assert.Equal(JsonValueKind.Number, actual.ValueKind);
                break;
            case RpcBool:
                Assert.Contains(actual.ValueKind, new[] { JsonValueKind.True, JsonValueKind.False });
                break;
            default:
                Assert.Equal(JsonValueKind.String, actual.ValueKind);
                break;
        }
    }

    private async Task<(int Status, JsonElement Answer)> PostAsync(string path, string body)
    {
        var reply = await SendAsync($"POST /api/v1/{path} HTTP/1.1\r\nContent-Type: application/json", body);
        return (reply.Code, JsonDocument.Parse(reply.Body).RootElement);
    }

    private Task<Reply> SendAsync(string head, string body = "") => _handler.HandleAsync(
        Head(head), () => Task.FromResult<(ReadOnlyMemory<byte>, Reply?)>((Encoding.UTF8.GetBytes(body), null)));

    private static RequestHead Head(string text) => RequestHead.Parse(Encoding.Latin1.GetBytes(text), new FakeMemory())!;

    private static string? Header(Reply reply, string name) => Encoding.ASCII.GetString(reply.Head("1.1", DateTimeOffset.UnixEpoch)).Split("\r\n")
        .Select(l => l.Split(": ", 2)).FirstOrDefault(l => l[0] == name)?[1];
}
