using System.Globalization;
using Supervisor.Rpc.Contract;
using Supervisor.Rpc.Wire;

namespace Supervisor.Rpc.Client;

/// <summary>
/// From wire values to the typed structs. Tolerant where a server of another version may differ (missing members the
/// command line does not need), strict where it cannot go on.
/// </summary>
internal static class RpcDecode
{
    public static string Text(RpcValue? value) => value switch
    {
        RpcString s => s.Value,
        RpcInt i => i.Value.ToString(CultureInfo.InvariantCulture),
        RpcBool b => b.Value ? "True" : "False",
        RpcDouble d => d.Value.ToString("R", CultureInfo.InvariantCulture),
        RpcDateTime t => t.Value,
        RpcNil or null => "None",
        _ => throw Bad("text", value),
    };

    public static long Number(RpcValue? value) => value switch
    {
        RpcInt i => i.Value,
        RpcBool b => b.Value ? 1 : 0,
        RpcDouble d => (long)d.Value,
        null => 0,
        _ => throw Bad("a number", value),
    };

    public static bool Truth(RpcValue? value) => value switch
    {
        RpcBool b => b.Value,
        RpcInt i => i.Value != 0,
        RpcString s => s.Value.Length != 0,
        _ => false,
    };

    public static IReadOnlyList<RpcValue> Items(RpcValue? value) => value is RpcArray array ? array.Items : throw Bad("an array", value);

    public static IReadOnlyList<T> List<T>(RpcValue value, Func<RpcStruct, T> decode)
    {
        var items = Items(value);
        var list = new List<T>(items.Count);
        foreach (var item in items)
        {
            list.Add(decode(Struct(item)));
        }

        return list;
    }

    public static RpcStruct Struct(RpcValue value) => value as RpcStruct ?? throw Bad("a struct", value);

    public static ProcessStatus Status(RpcStruct s) =>
        new(Name(s, "name"), Name(s, "group"), Int(s["status"]), Text(s["description"]));

    public static ProcessInfo Process(RpcStruct s) => new(
        Name(s, "name"), Name(s, "group"), Number(s["start"]), Number(s["stop"]), Number(s["now"]), Int(s["state"]), Text(s["statename"]),
        Text(s["spawnerr"]), Int(s["exitstatus"]), Text(s["logfile"]), Text(s["stdout_logfile"]), Text(s["stderr_logfile"]), Int(s["pid"]),
        Text(s["description"]));

    public static ConfiguredProcess Configured(RpcStruct s) => new(
        Name(s, "name"), Name(s, "group"), Truth(s["inuse"]), Truth(s["autostart"]), Number(s["group_prio"]), Number(s["process_prio"]));

    public static ReloadResult Reload(RpcValue value)
    {
        var lists = Items(Items(value) is [var only, ..] ? only : null);
        return lists.Count == 3
            ? new ReloadResult(Names(lists[0]), Names(lists[1]), Names(lists[2]))
            : throw Bad("three lists", value);
    }

    private static List<string> Names(RpcValue value) => [.. Items(value).Select(Text)];

    private static int Int(RpcValue? value) => (int)Math.Clamp(Number(value), int.MinValue, int.MaxValue);

    private static string Name(RpcStruct s, string member) =>
        s[member] is { } value ? Text(value) : throw new RpcClientException(RpcClientError.BadAnswer, $"the answer has no member '{member}'");

    private static RpcClientException Bad(string wanted, RpcValue? value) =>
        new(RpcClientError.BadAnswer, $"the answer is {value?.GetType().Name ?? "missing"} where {wanted} was expected");
}
