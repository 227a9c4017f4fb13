using System.Globalization;
using Supervisor.Rpc.Contract;
using Supervisor.Rpc.Wire;
using Supervisor.Server.Web;

namespace Supervisor.Server.Api;

/// <summary>Arguments of a call, checked against the method's row before anything is done.</summary>
internal static class ApiArguments
{
    /// <summary>From a body: an object with the parameters' names, an array in their order, or nothing.</summary>
    /// <exception cref="RpcFaultException">INCORRECT_PARAMETERS, with what is wrong.</exception>
    public static IReadOnlyList<RpcValue> FromBody(RpcMethodInfo method, ReadOnlySpan<byte> body) => body.IsEmpty
        ? Bind(method, [])
        : JsonText.Read(body) switch
        {
            RpcStruct named => Bind(method, named.Members),
            RpcArray positional when positional.Items.Count > method.Parameters.Count =>
                throw Wrong($"{method.Name} takes {method.Parameters.Count} at most"),
            RpcArray positional => Bind(method, [.. positional.Items.Select((v, i) => KeyValuePair.Create(method.Parameters[i].Name, v))]),
            _ => throw Wrong("the body must be an object or an array"),
        };

    /// <summary>From the query of a GET.</summary>
    /// <exception cref="RpcFaultException">INCORRECT_PARAMETERS, with what is wrong.</exception>
    public static IReadOnlyList<RpcValue> FromQuery(RpcMethodInfo method, string query) => Bind(
        method,
        [.. UrlForm.Parse(query).Select(p => KeyValuePair.Create(p.Name, FromText(Find(method, p.Name), p.Value)))]);

    private static List<RpcValue> Bind(RpcMethodInfo method, IReadOnlyList<KeyValuePair<string, RpcValue>> given)
    {
        var byName = new Dictionary<string, RpcValue>(StringComparer.Ordinal);
        foreach (var (name, value) in given)
        {
            Find(method, name);
            if (!byName.TryAdd(name, value))
            {
                throw Wrong($"{name} is there twice");
            }
        }

        var arguments = new List<RpcValue>(method.Parameters.Count);
        foreach (var parameter in method.Parameters)
        {
            if (byName.TryGetValue(parameter.Name, out var value) && value is not RpcNil)
            {
                arguments.Add(Fits(parameter, value) ? value : throw Wrong($"{parameter.Name} must be {parameter.Type}"));
            }
            else if (!parameter.Optional)
            {
                throw Wrong($"{parameter.Name} is missing");
            }
        }

        return arguments;
    }

    private static bool Fits(RpcParameter parameter, RpcValue value) => parameter.Type switch
    {
        "int" => value is RpcInt,
        "boolean" => value is RpcBool,
        "array" => value is RpcArray a && a.Items.All(i => i is RpcStruct),
        _ => value is RpcString,
    };

    private static RpcValue FromText(RpcParameter parameter, string text) => parameter.Type switch
    {
        "int" => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? new RpcInt(number)
            : throw Wrong($"{parameter.Name} must be int"),
        "boolean" => text switch
        {
            "true" or "1" => true,
            "false" or "0" => false,
            _ => throw Wrong($"{parameter.Name} must be boolean"),
        },
        _ => text,
    };

    private static RpcParameter Find(RpcMethodInfo method, string name) =>
        method.Parameters.FirstOrDefault(p => p.Name == name) ?? throw Wrong($"{method.Name} has no parameter {name}");

    private static RpcFaultException Wrong(string what) => new(FaultCode.IncorrectParameters, what);
}
