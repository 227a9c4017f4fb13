using Supervisor.Rpc.Contract;
using Supervisor.Rpc.Wire;

namespace Supervisor.Rpc.Dispatch;

/// <summary>The <c>system</c> namespace: introspection and multicall (RPC-080..085).</summary>
internal sealed class SystemMethods
{
    // Bytes of all answers in one: they lie in memory together, and once more as the document that is made of them.
    private const long MostTogether = 32 * 1024 * 1024;

    private readonly IReadOnlyDictionary<string, RpcMethod> _methods;
    private readonly Func<string, IReadOnlyList<RpcValue>, AnswerLease, Task<RpcValue>> _call;

    public SystemMethods(IReadOnlyDictionary<string, RpcMethod> methods, Func<string, IReadOnlyList<RpcValue>, AnswerLease, Task<RpcValue>> call)
    {
        _methods = methods;
        _call = call;
        Rows =
        [
            new("listMethods", [], "array", "Names of all methods.", "names", (_, _) => Task.FromResult(ListMethods()))
            { ReadOnly = true, Example = new RpcArray(["supervisor.getState"]) },
            new("methodHelp", [new("string", "name", "The name of the method.")], "string", "Documentation of a method.", "text",
                (_, a) => Task.FromResult<RpcValue>(Find(a[0]).Help)) { ReadOnly = true, Example = "..." },
            new("methodSignature", [new("string", "name", "The name of the method.")], "array",
                "Types of a method: what it returns, then its parameters in order.", "type names",
                (_, a) => Task.FromResult<RpcValue>(Find(a[0]).Signature)) { ReadOnly = true, Example = new RpcArray(["string"]) },
            new("multicall", [new("array", "calls", "Structs with methodName (string) and params (array)")], "array",
                "Does several calls in turn.", "the answer or a fault struct for each", (_, a) => MultiCallAsync(a[0], a.Lease))
            { Counts = true, Example = new RpcArray([]) },
        ];
    }

    public IReadOnlyList<RpcMethod> Rows { get; }

    private RpcValue ListMethods() => new RpcArray([.. _methods.Keys.Order(StringComparer.Ordinal).Select(n => (RpcValue)n)]);

    private RpcMethod Find(RpcValue name) => name is RpcString s && _methods.TryGetValue(s.Value, out var row)
        ? row
        : throw new RpcFaultException(FaultCode.SignatureUnsupported);

    // Raw values, not one-element arrays (RPC-083); strictly one after the other (RPC-084).
    private async Task<RpcValue> MultiCallAsync(RpcValue calls, AnswerLease lease)
    {
        if (calls is RpcInt or RpcStruct or RpcBool or RpcDouble or RpcNil)
        {
            throw new RpcFaultException(FaultCode.IncorrectParameters);
        }

        // A text or a list of something else has no calls in it; an internal error upstream too (RPC-085).
        if (calls is not RpcArray { Items: var items } || items.Any(i => i is not RpcStruct))
        {
            throw new InvalidOperationException("system.multicall takes an array of structs");
        }

        var results = new List<RpcValue>(items.Count);
        foreach (var call in items.Cast<RpcStruct>())
        {
            results.Add(await OneCallAsync(call, lease));
            if (lease.Size > MostTogether)
            {
                throw new AnswerTooLongException();
            }
        }

        return new RpcArray(results);
    }

    private async Task<RpcValue> OneCallAsync(RpcStruct call, AnswerLease lease)
    {
        try
        {
            if (call["methodName"] is not RpcString { Value: var name })
            {
                throw new RpcFaultException(FaultCode.IncorrectParameters, "No methodName");
            }

            if (name == "system.multicall")
            {
                throw new RpcFaultException(FaultCode.IncorrectParameters, "Recursive system.multicall forbidden");
            }

            return await _call(name, call["params"] switch
            {
                null => [],
                RpcArray { Items: var arguments } => arguments,
                _ => throw new RpcFaultException(FaultCode.IncorrectParameters),
            }, lease);
        }
        catch (AnswerTooLongException)
        {
            // The others would not fit either.
            throw;
        }
        catch (RpcFaultException fault)
        {
            return FaultStruct(fault.Code, fault.Text, lease);
        }
        catch (Exception e)
        {
            return FaultStruct((int)FaultCode.Failed, $"FAILED: {e.GetType()}:{e.Message}", lease);
        }
    }

    private static RpcStruct FaultStruct(int code, string text, AnswerLease lease)
    {
        var fault = new RpcStruct([new("faultCode", code), new("faultString", text)]);
        lease.Take(AnswerLease.SizeOf(fault));
        return fault;
    }
}
