using System.Reflection;
using Supervisor.Rpc.Contract;
using Supervisor.Rpc.Wire;

namespace Supervisor.Server.Tests.Support;

/// <summary>Answers every method with something of its type, and remembers what it was asked.</summary>
public class CannedApi : DispatchProxy
{
    public List<string> Calls { get; } = [];

    /// <summary>Thrown by every call from now on.</summary>
    public RpcFaultException? Fault { get; set; }

    public static (ISupervisorApi Api, CannedApi Canned) Create()
    {
        var api = Create<ISupervisorApi, CannedApi>();
        return (api, (CannedApi)api);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        Calls.Add($"{targetMethod!.Name}({string.Join(", ", args!.Select(Plain))})");
        if (Fault is not null)
        {
            throw Fault;
        }

        var type = targetMethod.ReturnType.GenericTypeArguments[0];
        IReadOnlyList<ProcessStatus> statuses = [new("p", "g", 80, "OK")];
        var info = new ProcessInfo("p", "g", 1, 2, 3, 20, "RUNNING", "", 0, "a", "a", "b", 4, "d");
        return type switch
        {
            _ when type == typeof(string) => Task.FromResult("text"),
            _ when type == typeof(bool) => Task.FromResult(true),
            _ when type == typeof(int) => Task.FromResult(7),
            _ when type == typeof(RpcValue) => Task.FromResult<RpcValue>(true),
            _ when type == typeof(StateInfo) => Task.FromResult(new StateInfo(1, "RUNNING")),
            _ when type == typeof(ReloadResult) => Task.FromResult(new ReloadResult(["a"], [], ["b"])),
            _ when type == typeof(TailChunk) => Task.FromResult(new TailChunk("text", 4, false)),
            _ when type == typeof(ProcessInfo) => Task.FromResult(info),
            _ when type == typeof(IReadOnlyList<ProcessInfo>) => Task.FromResult<IReadOnlyList<ProcessInfo>>([info]),
            _ when type == typeof(IReadOnlyList<ProcessStatus>) => Task.FromResult(statuses),
            _ => Task.FromResult<IReadOnlyList<RpcValue>>([new RpcStruct([new("name", "p")])]),
        };
    }

    private static object? Plain(object? argument) => argument switch
    {
        RpcString s => s.Value,
        RpcInt i => i.Value,
        _ => argument,
    };
}
