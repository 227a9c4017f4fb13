using System.Globalization;
using System.Security;

namespace Supervisor.Ctl.Tests.Support;

/// <summary>Answers of a server, as the text inside <c>methodResponse</c>.</summary>
internal static class Xml
{
    public static string String(string text) => Param(Value(text));

    public static string Int(int number) => Param(Value(number));

    public static string True => Param("<value><boolean>1</boolean></value>");

    public static string Array(params string[] values) => Param(ArrayValue(values));

    public static string ArrayValue(params string[] values) => $"<value><array><data>{string.Concat(values)}</data></array></value>";

    public static string Fault(int code, string text) => $"<fault>{Struct(("faultCode", Value(code)), ("faultString", Value(text)))}</fault>";

    public static string Param(string value) => $"<params><param>{value}</param></params>";

    public static string Value(string text) => $"<value><string>{SecurityElement.Escape(text)}</string></value>";

    public static string Value(int number) => string.Create(CultureInfo.InvariantCulture, $"<value><int>{number}</int></value>");

    public static string Struct(params (string Name, string Value)[] members) =>
        $"<value><struct>{string.Concat(members.Select(m => $"<member><name>{m.Name}</name>{m.Value}</member>"))}</struct></value>";

    public static string Process(string group, string name, int state = 20, string stateName = "RUNNING", int pid = 7, string description = "d") =>
        Struct(("name", Value(name)), ("group", Value(group)), ("state", Value(state)), ("statename", Value(stateName)), ("pid", Value(pid)),
            ("description", Value(description)));

    public static string Status(string group, string name, int status, string description = "OK") =>
        Struct(("name", Value(name)), ("group", Value(group)), ("status", Value(status)), ("description", Value(description)));

    public static string Reload(string[] added, string[] changed, string[] removed) => Array(ArrayValue(
        ArrayValue([.. added.Select(Value)]), ArrayValue([.. changed.Select(Value)]), ArrayValue([.. removed.Select(Value)])));
}
