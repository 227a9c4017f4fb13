using System.Globalization;
using System.Text;
using System.Text.Json;
using Supervisor.Core.Configuration.Ini;
using Supervisor.Core.Configuration.Loading;
using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Configuration.Options;
using Supervisor.Core.Ports;

namespace Supervisor.Core.Configuration.Writers;

/// <summary>
/// What a configuration means, for people: every effective value with where it comes from (file and line, the command line, or the
/// default). Passwords are not shown. <c>--dump-config</c> without a mode.
/// </summary>
public static class ConfigListing
{
    private const int OriginColumn = 56;

    /// <exception cref="ConfigException">Python Supervisor would refuse it; the text is its text.</exception>
    public static string Write(IConfigHost host, ConfigRequest request)
    {
        var load = new ConfigLoader(host).Open(request, checking: false);
        var config = ConfigLoader.Read(load, request);
        // The values as the document for machines has them, so that the two cannot disagree.
        using var document = JsonDocument.Parse(ConfigDump.Write(config));
        var root = document.RootElement;
        var listing = new Listing(load.Document);
        listing.Header($"the meaning of {config.ConfigFile}");
        listing.Section("supervisord", null);
        listing.Values(root.GetProperty("supervisord"), "supervisord", s_supervisordNames, CommandLine(request));
        foreach (var (server, element) in config.HttpServers.Zip(root.GetProperty("http_servers").EnumerateArray()))
        {
            listing.Section(server.Section, null);
            listing.Values(element, server.Section, s_serverNames);
            listing.Written(server.Section, HttpHardeningOptions.Rows);
        }

        foreach (var (plugin, element) in config.RpcInterfaces.Zip(root.GetProperty("rpcinterfaces").EnumerateArray()))
        {
            listing.Section("rpcinterface:" + plugin.Name, null);
            listing.Values(element, "rpcinterface:" + plugin.Name, s_pluginNames);
        }

        foreach (var (group, element) in config.Groups.Zip(root.GetProperty("groups").EnumerateArray()))
        {
            WriteGroup(listing, group, element);
        }

        foreach (var note in config.Warnings.Concat(config.Infos))
        {
            listing.Header(note);
        }

        return listing.ToString();
    }

    private static void WriteGroup(Listing listing, GroupConfig group, JsonElement element)
    {
        var section = "group:" + group.Name;
        if (!listing.Has(section))
        {
            // A group that a program forms: its own options stand in the program's section.
            section = group.Processes.Count > 0 ? group.Processes[0].Section : section;
        }

        listing.Section(section, $"group {group.Name}");
        listing.Values(element, section, s_groupNames);
        if (group.Socket is not null)
        {
            listing.Values(element.GetProperty("socket"), section, s_socketNames);
        }

        foreach (var (process, values) in group.Processes.Zip(element.GetProperty("processes").EnumerateArray()))
        {
            listing.Section(process.Section, $"process {group.Name}:{process.Name}");
            listing.Values(values, process.Section, s_processNames);
        }
    }

    // The option that a value belongs to where it has another name; an empty name leaves the value out.
    private static readonly Dictionary<string, string> s_supervisordNames = new() { ["uid"] = "", ["serverurl"] = "" };
    private static readonly Dictionary<string, string> s_serverNames = new() { ["section"] = "", ["name"] = "", ["family"] = "", ["host"] = "" };
    private static readonly Dictionary<string, string> s_pluginNames = new() { ["name"] = "", ["factory"] = "supervisor.rpcinterface_factory", ["extras"] = "" };
    private static readonly Dictionary<string, string> s_groupNames = new() { ["type"] = "", ["name"] = "", ["processes"] = "", ["socket"] = "" };
    private static readonly Dictionary<string, string> s_processNames = new()
    {
        ["type"] = "",
        ["name"] = "process_name",
        ["argv"] = "",
        ["argv_error"] = "",
        ["uid"] = "user",
    };

    private static readonly Dictionary<string, string> s_socketNames = new()
    {
        ["url"] = "socket",
        ["backlog"] = "socket_backlog",
        ["owner"] = "socket_owner",
        ["mode"] = "socket_mode",
    };

    private static HashSet<string> CommandLine(ConfigRequest r) =>
    [
        .. new (string Name, bool IsSet)[]
        {
            ("nodaemon", r.NoDaemon), ("silent", r.Silent), ("nocleanup", r.NoCleanup), ("strip_ansi", r.StripAnsi), ("user", r.User is not null),
            ("umask", r.Umask is not null), ("directory", r.Directory is not null), ("logfile", r.LogFile is not null),
            ("logfile_maxbytes", r.LogFileMaxBytes is not null), ("logfile_backups", r.LogFileBackups is not null), ("loglevel", r.LogLevel is not null),
            ("pidfile", r.PidFile is not null), ("identifier", r.Identifier is not null), ("childlogdir", r.ChildLogDir is not null),
            ("minfds", r.MinFds is not null), ("minprocs", r.MinProcs is not null),
        }.Where(o => o.IsSet).Select(o => o.Name),
    ];

    private sealed class Listing(IniDocument document)
    {
        private readonly StringBuilder _text = new();

        public bool Has(string section) => document.Has(section);

        public void Header(string text) => _text.Append("; ").Append(text).Append('\n');

        public void Section(string name, string? what)
        {
            var place = document.Place(name, null) is { } found ? $"{found.File}:{found.Line}" : "";
            Line($"\n[{name}]", string.Join(", ", new[] { what, place }.Where(t => !string.IsNullOrEmpty(t))));
        }

        public void Values(JsonElement values, string section, Dictionary<string, string> names, HashSet<string>? commandLine = null)
        {
            foreach (var value in values.EnumerateObject())
            {
                var option = names.GetValueOrDefault(value.Name, value.Name);
                if (option.Length == 0)
                {
                    continue;
                }

                var text = Text(option, value.Value);
                if (option == "port")
                {
                    var host = values.GetProperty("host").GetString()!;
                    text = (host.Length == 0 ? "*" : host) + ":" + text;
                }

                Line($"{option} = {text}", commandLine?.Contains(option) == true ? "command line" : Origin(section, option));
            }
        }

        /// <summary>Options that the document for machines does not have, where they are set.</summary>
        public void Written(string section, IEnumerable<OptionRow> rows)
        {
            foreach (var row in rows)
            {
                if (document.Get(section, row.Name) is { } value)
                {
                    Line($"{row.Name} = {value.Text.ReplaceLineEndings(" ")}", Origin(section, row.Name));
                }
            }
        }

        public override string ToString() => _text.ToString();

        private string Origin(string section, string option) =>
            document.Get(section, option) is { } value ? $"{value.File}:{value.Line}" : "default";

        private void Line(string left, string comment) => _text.Append(left.PadRight(OriginColumn - 1)).Append(" ; ").Append(comment).Append('\n');
    }

    private static string Text(string option, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String when option == "password" => "(not shown)",
        JsonValueKind.String => value.GetString()!.ReplaceLineEndings(" "),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number when option is "umask" or "chmod" or "socket_mode" => "0" + Convert.ToString(value.GetInt32(), 8),
        JsonValueKind.Number => value.GetInt64().ToString(CultureInfo.InvariantCulture),
        JsonValueKind.Array when option is "chown" or "socket_owner" => string.Join(':', value.EnumerateArray().Select(v => Text("", v))),
        JsonValueKind.Array => string.Join(',', value.EnumerateArray().Select(v => Text("", v))),
        _ => string.Join(',', value.EnumerateObject().Select(p => $"{p.Name}=\"{Text("", p.Value)}\"")),
    };
}
