using System.Text.Json;
using Supervisor.Rpc.Dispatch;
using Supervisor.Server.Api;
using Supervisor.Server.Tests.Support;

namespace Supervisor.Server.Tests.Api;

public sealed class OpenApiTests
{
    private readonly RpcDispatcher _rpc = new(CannedApi.Create().Api, ["supervisor", "other"], new SilentRpcLog());

    [Fact]
    public void Document_HasEveryMethodUnderEveryName()
    {
        using var document = JsonDocument.Parse(OpenApi.Document(_rpc.Methods));
        var root = document.RootElement;
        Assert.Equal("3.1.0", root.GetProperty("openapi").GetString());
        var paths = root.GetProperty("paths");
        foreach (var method in _rpc.Methods)
        {
            var path = paths.GetProperty("/" + method.Name.Replace('.', '/'));
            Assert.Equal(method.ReadOnly, path.TryGetProperty("get", out _));
            Assert.Equal(method.Summary, path.GetProperty("post").GetProperty("summary").GetString());
            Assert.Equal(method.Parameters.Count > 0, path.GetProperty("post").TryGetProperty("requestBody", out var body));
            if (method.Parameters.Count > 0)
            {
                var schema = body.GetProperty("content").GetProperty("application/json").GetProperty("schema");
                Assert.Equal(method.Parameters.Select(p => p.Name), schema.GetProperty("properties").EnumerateObject().Select(p => p.Name));
            }
        }

        Assert.Equal(2 * 37 + 4 + 2, paths.EnumerateObject().Count());
    }

    [Fact]
    public void OperationIds_AreUnique()
    {
        using var document = JsonDocument.Parse(OpenApi.Document(_rpc.Methods));
        var ids = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(p => p.Value.EnumerateObject()).Select(o => o.Value.GetProperty("operationId").GetString()).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public void References_LeadSomewhere()
    {
        using var document = JsonDocument.Parse(OpenApi.Document(_rpc.Methods));
        Assert.Contains("#/components/responses/Error", document.RootElement.GetRawText(), StringComparison.Ordinal);
        Assert.True(document.RootElement.GetProperty("components").GetProperty("responses").TryGetProperty("Error", out _));
    }
}
