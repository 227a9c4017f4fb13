using System.Globalization;
using Supervisor.Core.Configuration.Expansion;
using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Configuration.Options;

namespace Supervisor.Core.Configuration.Loading;

/// <summary><c>socket=</c> and its companions of <c>[fcgi-program:x]</c> (OPT-110..114).</summary>
internal static class FcgiSocketSection
{
    private const int DefaultMode = 0x1C0; // 0700

    public static FcgiSocketConfig Read(LoadContext load, string section, string programName)
    {
        var reader = load.Section(section, load.CommonScope());
        var user = reader.Get(ProgramOptions.User);
        var backlog = reader.Get(FcgiOptions.Backlog);
        if (backlog is < 1 or > 65535)
        {
            load.Refuse($"Invalid socket_backlog value {backlog}", section, FcgiOptions.Backlog.Name);
        }

        var owner = reader.Get(FcgiOptions.Owner);
        var mode = reader.Get(FcgiOptions.Mode);
        var socket = load.Section(section, load.CommonScope().Set("program_name", programName)).Get(FcgiOptions.Socket);
        if (string.IsNullOrEmpty(socket))
        {
            throw new ConfigException($"[{section}] section requires a \"socket\" line");
        }

        return Parse(load, section, socket, user, backlog, owner, mode);
    }

    private static FcgiSocketConfig Parse(
        LoadContext load, string section, string socket, Identity user, int? backlog, (Identity User, Identity Group)? owner, int? mode)
    {
        if (socket.StartsWith("unix://", StringComparison.Ordinal))
        {
            var path = socket["unix://".Length..];
            if (!path.StartsWith('/'))
            {
                // The text is upstream's, tuple and all: clients of check tools may match it (OPT-111).
                throw new ConfigException(
                    $"('Unix socket path %s is not an absolute path', {PythonRepr.Of(path)}) in [{section}] socket");
            }

            owner ??= DefaultOwner(load, user);
            return new FcgiSocketConfig
            {
                Url = "unix://" + load.Machine.NormalizePath(path),
                Backlog = backlog,
                Owner = owner is { } o && o.User.Name is null && o.Group.Name is null ? (o.User.Number ?? -1, o.Group.Number ?? -1) : null,
                UnresolvedOwner = owner?.User.Name ?? (owner?.Group.Name is null ? null : Text(owner.Value.User.Number)),
                UnresolvedGroup = owner?.Group.Name ?? (owner?.User.Name is null ? null : Text(owner.Value.Group.Number)),
                Mode = mode ?? DefaultMode,
            };
        }

        if (owner is not null || mode is not null)
        {
            throw new ConfigException(
                $"socket_owner and socket_mode params should only be used with a Unix domain socket in [{section}] socket");
        }

        if (TcpAddress(socket) is not { } address)
        {
            throw new ConfigException($"('Bad socket format %s', {PythonRepr.Of(socket)}) in [{section}] socket");
        }

        return new FcgiSocketConfig { Url = $"tcp://{address.Host}:{address.Port}", Backlog = backlog };
    }

    // OPT-114: the program's user and its primary group, when that is somebody else.
    private static (Identity User, Identity Group)? DefaultOwner(LoadContext load, Identity user)
    {
        if (user.Name is not null)
        {
            return (user, default);
        }

        if (user.Number is not { } uid || uid == load.Host.Uid)
        {
            return null;
        }

        return load.Machine.Lenient
            ? (user, new Identity(null, ""))
            : (user, new Identity(load.Host.FindUser(uid)?.Gid ?? -1, null));
    }

    private static (string Host, string Port)? TcpAddress(string socket)
    {
        const string scheme = "tcp://";
        if (!socket.StartsWith(scheme, StringComparison.Ordinal))
        {
            return null;
        }

        var rest = socket[scheme.Length..];
        var colon = rest.IndexOf(':', StringComparison.Ordinal);
        if (colon < 1 || rest[..colon].Any(PythonText.IsSpace) || colon + 1 == rest.Length || !rest[(colon + 1)..].All(char.IsDigit))
        {
            return null;
        }

        return PythonText.TryParseInt(rest[(colon + 1)..], 10, out var port) ? (rest[..colon].ToLowerInvariant(), Text(port)) : null;
    }

    private static string Text(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
