using System.Text.Encodings.Web;
using System.Text.Json;
using Supervisor.Core.Configuration.Expansion;
using Supervisor.Core.Configuration.Loading;
using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Events;
using Supervisor.Core.Processes;

namespace Supervisor.Core.Configuration.Writers;

/// <summary>What a configuration means, as one JSON document: <c>--dump-config=strict|lenient|ctl</c>. Switches and sizes are plain, unset is null.</summary>
public static class ConfigDump
{
    public static byte[] Write(DaemonConfig config) => Document(json =>
    {
        json.WritePropertyName("supervisord");
        WriteSupervisord(json, config.Supervisord);
        WriteArray(json, "http_servers", config.HttpServers, WriteServer);
        WriteArray(json, "rpcinterfaces", config.RpcInterfaces, WritePlugin);
        WriteArray(json, "groups", config.Groups, WriteGroup);
        WriteStrings(json, "warnings", config.Warnings);
        WriteStrings(json, "infos", config.Infos);
    });

    public static byte[] Write(CtlConfig config) => Document(json =>
    {
        json.WriteStartObject("supervisorctl");
        json.WriteString("serverurl", config.ServerUrl);
        json.WriteString("username", config.Username);
        json.WriteString("password", config.Password);
        json.WriteString("prompt", config.Prompt);
        json.WriteString("history_file", config.HistoryFile);
        WriteArray(json, "plugins", config.Plugins, WritePlugin);
        json.WriteEndObject();
    });

    private static byte[] Document(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        var options = new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var json = new Utf8JsonWriter(stream, options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static void WriteSupervisord(Utf8JsonWriter json, SupervisordConfig s)
    {
        json.WriteStartObject();
        json.WriteBoolean("nodaemon", s.NoDaemon);
        json.WriteBoolean("silent", s.Silent);
        json.WriteBoolean("nocleanup", s.NoCleanup);
        json.WriteBoolean("strip_ansi", s.StripAnsi);
        json.WriteString("user", s.User);
        WriteIdentity(json, "uid", s.Uid, s.UnresolvedUser);
        json.WriteNumber("umask", s.Umask);
        json.WriteNumber("logfile_maxbytes", s.LogFileMaxBytes);
        json.WriteNumber("logfile_backups", s.LogFileBackups);
        json.WriteNumber("minfds", s.MinFds);
        json.WriteNumber("minprocs", s.MinProcs);
        json.WriteString("directory", s.Directory);
        json.WriteString("logfile", s.LogFile);
        json.WriteString("pidfile", s.PidFile);
        json.WriteString("loglevel", LevelName(s.LogLevel));
        json.WriteString("identifier", s.Identifier);
        json.WriteString("childlogdir", s.ChildLogDir);
        WriteMap(json, "environment", s.Environment);
        json.WriteString("serverurl", s.ServerUrl);
        json.WriteEndObject();
    }

    private static void WriteServer(Utf8JsonWriter json, HttpServerConfig s)
    {
        json.WriteStartObject();
        json.WriteString("section", s.Section);
        json.WriteString("name", s.Name);
        json.WriteString("family", s.Family == HttpServerFamily.Inet ? "inet" : "unix");
        json.WriteString("username", s.Username);
        json.WriteString("password", s.Password);
        if (s.Family == HttpServerFamily.Inet)
        {
            json.WriteString("host", s.Host);
            json.WriteNumber("port", s.Port);
        }
        else
        {
            json.WriteString("file", s.File);
            json.WriteNumber("chmod", s.Mode);
            json.WriteStartArray("chown");
            WriteIdentity(json, s.OwnerUid, s.UnresolvedOwner);
            WriteIdentity(json, s.OwnerGid, s.UnresolvedGroup);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WritePlugin(Utf8JsonWriter json, RpcInterfaceConfig p)
    {
        json.WriteStartObject();
        json.WriteString("name", p.Name);
        json.WriteString("factory", p.Factory);
        WriteMap(json, "extras", p.Extras);
        json.WriteEndObject();
    }

    private static void WriteGroup(Utf8JsonWriter json, GroupConfig g)
    {
        json.WriteStartObject();
        json.WriteString("type", g.Kind switch
        {
            GroupKind.EventListener => "eventlistener",
            GroupKind.FcgiProgram => "fcgi-program",
            _ => "group",
        });
        json.WriteString("name", g.Name);
        json.WriteNumber("priority", g.Priority);
        WriteArray(json, "processes", g.Processes, WriteProcess);
        if (g.Kind == GroupKind.EventListener)
        {
            json.WriteNumber("buffer_size", g.BufferSize);
            WriteStrings(json, "events", g.Events.Select(e => e.WireName()).Order(StringComparer.Ordinal));
            json.WriteString("result_handler", g.ResultHandler);
        }

        if (g.Socket is { } socket)
        {
            json.WritePropertyName("socket");
            WriteSocket(json, socket);
        }

        json.WriteEndObject();
    }

    private static void WriteSocket(Utf8JsonWriter json, FcgiSocketConfig s)
    {
        json.WriteStartObject();
        json.WriteString("url", s.Url);
        WriteNumber(json, "backlog", s.Backlog);
        if (s.Owner is { } owner)
        {
            json.WriteStartArray("owner");
            json.WriteNumberValue(owner.Uid);
            json.WriteNumberValue(owner.Gid);
            json.WriteEndArray();
        }
        else if (s.UnresolvedOwner is not null)
        {
            json.WriteStartArray("owner");
            WriteUnresolved(json, s.UnresolvedOwner);
            WriteUnresolved(json, s.UnresolvedGroup);
            json.WriteEndArray();
        }
        else
        {
            json.WriteNull("owner");
        }

        WriteNumber(json, "mode", s.Mode);
        json.WriteEndObject();
    }

    private static void WriteProcess(Utf8JsonWriter json, ProcessConfig p)
    {
        json.WriteStartObject();
        json.WriteString("type", p.Kind switch
        {
            ProcessKind.EventListener => "eventlistener",
            ProcessKind.FcgiProgram => "fcgi-program",
            _ => "program",
        });
        json.WriteString("name", p.Name);
        json.WriteString("command", p.Command);
        WriteArguments(json, p.Command);
        json.WriteString("directory", p.Directory);
        WriteNumber(json, "umask", p.Umask);
        json.WriteNumber("priority", p.Priority);
        json.WriteNumber("startsecs", p.StartSecs);
        json.WriteNumber("startretries", p.StartRetries);
        json.WriteNumber("stopwaitsecs", p.StopWaitSecs);
        json.WriteBoolean("autostart", p.AutoStart);
        json.WriteBoolean("stopasgroup", p.StopAsGroup);
        json.WriteBoolean("killasgroup", p.KillAsGroup);
        json.WriteBoolean("redirect_stderr", p.RedirectStderr);
        json.WriteString("autorestart", p.AutoRestart switch
        {
            AutoRestart.Always => "true",
            AutoRestart.Never => "false",
            _ => "unexpected",
        });
        json.WriteStartArray("exitcodes");
        foreach (var code in p.ExitCodes)
        {
            json.WriteNumberValue(code);
        }

        json.WriteEndArray();
        json.WriteString("stopsignal", SignalNames.ShortName(p.StopSignal));
        WriteIdentity(json, "uid", p.Uid, p.UnresolvedUser);
        WriteChannel(json, "stdout", p.Stdout);
        WriteChannel(json, "stderr", p.Stderr);
        WriteMap(json, "environment", p.Environment);
        json.WriteString("serverurl", p.ServerUrl);
        json.WriteEndObject();
    }

    private static void WriteArguments(Utf8JsonWriter json, string command)
    {
        try
        {
            WriteStrings(json, "argv", ShellWords.Split(command));
            json.WriteNull("argv_error");
        }
        catch (ShellWordsException e)
        {
            json.WriteNull("argv");
            json.WriteString("argv_error", e.Message);
        }
    }

    private static void WriteChannel(Utf8JsonWriter json, string name, ChannelConfig c)
    {
        json.WriteString(name + "_logfile", c.LogFile.Kind switch
        {
            LogTargetKind.Auto => "AUTO",
            LogTargetKind.None => "NONE",
            _ => c.LogFile.Path,
        });
        json.WriteNumber(name + "_logfile_maxbytes", c.MaxBytes);
        json.WriteNumber(name + "_logfile_backups", c.Backups);
        json.WriteNumber(name + "_capture_maxbytes", c.CaptureMaxBytes);
        json.WriteBoolean(name + "_events_enabled", c.EventsEnabled);
        json.WriteBoolean(name + "_syslog", c.Syslog);
    }

    private static string LevelName(LogLevel level) => level.ToString().ToLowerInvariant();

    private static void WriteArray<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            write(json, item);
        }

        json.WriteEndArray();
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IEnumerable<string> items) =>
        WriteArray(json, name, items, static (j, s) => j.WriteStringValue(s));

    private static void WriteMap(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string> map)
    {
        json.WriteStartObject(name);
        foreach (var (key, value) in map)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, int? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteIdentity(Utf8JsonWriter json, string name, int? number, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
        else
        {
            WriteNumber(json, name, number);
        }
    }

    private static void WriteIdentity(Utf8JsonWriter json, int number, string? text)
    {
        if (text is not null)
        {
            json.WriteStringValue(text);
        }
        else
        {
            json.WriteNumberValue(number);
        }
    }

    // A lenient reading keeps numbers as text beside a name; an empty text is a group that was not asked for.
    private static void WriteUnresolved(Utf8JsonWriter json, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            json.WriteNullValue();
        }
        else if (int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number))
        {
            json.WriteNumberValue(number);
        }
        else
        {
            json.WriteStringValue(text);
        }
    }
}
