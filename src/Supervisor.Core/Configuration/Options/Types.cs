using Supervisor.Core.Configuration.Expansion;
using Supervisor.Core.Configuration.Model;

namespace Supervisor.Core.Configuration.Options;

/// <summary>The kinds of values that options have, with the names that the reference uses for them.</summary>
internal static class Types
{
    public static readonly Datatype<int> Integer = Plain("integer", Datatypes.Integer);
    public static readonly Datatype<bool> Boolean = Plain("boolean", Datatypes.Boolean);
    public static readonly Datatype<long> Bytes = Plain("bytes", Datatypes.ByteSize);
    public static readonly Datatype<string> Password = Plain("text", Datatypes.Password);
    public static readonly Datatype<int> Count = Plain("number above 0", Datatypes.Count);
    public static readonly Datatype<long> Size = Plain("bytes above 0", Datatypes.Size);
    public static readonly Datatype<int> Octal = Plain("octal", Datatypes.Octal);
    public static readonly Datatype<int> Signal = Plain("signal", Datatypes.Signal);
    public static readonly Datatype<IReadOnlyList<int>> ExitCodes = Plain("exit codes", Datatypes.ExitCodes);
    public static readonly Datatype<AutoRestart> AutoRestart = Plain("true, false or unexpected", Datatypes.AutoRestart);
    public static readonly Datatype<LogLevel> LogLevel = Plain("log level", Datatypes.LogLevel);
    public static readonly Datatype<IReadOnlyList<string>> List = Plain("comma list", Datatypes.Strings);
    public static readonly Datatype<string> Name = Plain("name", Datatypes.Name);
    public static readonly Datatype<string> Text = Plain("text", text => text);
    public static readonly Datatype<string> Environment = Plain("KEY=\"value\" list", text => text);
    public static readonly Datatype<string> LogTarget = Plain("path, AUTO or NONE", text => text);
    public static readonly Datatype<(string Host, int Port)> InetAddress = Plain("host:port", Datatypes.InetAddress);

    /// <summary>A directory that exists.</summary>
    public static readonly Datatype<string> ExistingDirectory = new("directory", (text, machine) => machine.ExistingDirectory(text));

    /// <summary>A path in a directory that exists.</summary>
    public static readonly Datatype<string> ExistingParent = new("path", (text, machine) => machine.ExistingParent(text));

    /// <summary>A path, made absolute, of which nothing needs to exist.</summary>
    public static readonly Datatype<string> AbsolutePath = new("path", (text, machine) => machine.NormalizePath(PythonText.Strip(text)));

    public static readonly Datatype<Identity> User = new("user", (text, machine) => machine.User(text));

    public static readonly Datatype<(Identity User, Identity Group)?> Owner = new("user or user:group",
        (text, machine) => machine.UserAndGroup(text) ?? throw new ConfigException(text));

    private static Datatype<T> Plain<T>(string name, Func<string, T> convert) => new(name, (text, _) => convert(text));
}
