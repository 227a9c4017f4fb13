using Supervisor.Core.Configuration.Model;
using Supervisor.Core.Configuration.Options;

namespace Supervisor.Core.Configuration.Loading;

/// <summary><c>[inet_http_server*]</c> and <c>[unix_http_server*]</c> (CFG-056, OPT-030..040).</summary>
internal static class HttpServerSections
{
    public static IReadOnlyList<HttpServerConfig> Read(LoadContext load) =>
    [
        .. load.ReadEach(load.SectionsWith("inet_http_server"), section => ReadInet(load, section)),
        .. load.ReadEach(load.SectionsWith("unix_http_server"), section => ReadUnix(load, section)),
    ];

    private static HttpServerConfig ReadInet(LoadContext load, string section)
    {
        var reader = load.Section(section, load.Environment);
        var (username, password) = Credentials(load, reader);
        if (reader.Raw(HttpServerOptions.Port.Name) is null)
        {
            throw new ConfigException($"section [{section}] has no port value");
        }

        var (host, port) = reader.Get(HttpServerOptions.Port);
        return new HttpServerConfig
        {
            Section = section,
            Name = Name(section),
            Family = HttpServerFamily.Inet,
            Username = username,
            Password = password,
            Host = host ?? "",
            Port = port,
        };
    }

    private static HttpServerConfig ReadUnix(LoadContext load, string section)
    {
        var reader = load.Section(section, load.Environment);
        var file = load.Section(section, load.CommonScope()).Get(HttpServerOptions.File)
            ?? throw new ConfigException($"section [{section}] has no file value");
        var (username, password) = Credentials(load, reader);
        var none = new Identity(-1, null);
        var owner = reader.Get(HttpServerOptions.Owner) ?? (none, none);
        return new HttpServerConfig
        {
            Section = section,
            Name = Name(section),
            Family = HttpServerFamily.Unix,
            Username = username,
            Password = password,
            File = file,
            Mode = reader.Get(HttpServerOptions.Mode),
            OwnerUid = owner.User.Number ?? -1,
            OwnerGid = owner.Group.Number ?? -1,
            UnresolvedOwner = owner.User.Name,
            UnresolvedGroup = owner.Group.Name,
        };
    }

    private static (string? Username, string? Password) Credentials(LoadContext load, SectionReader reader)
    {
        var username = reader.Get(HttpServerOptions.UserName);
        var password = reader.Get(HttpServerOptions.Password);
        if ((username is null) != (password is null))
        {
            load.Refuse(
                $"Section [{reader.Section}] contains incomplete authentication: If a username or a password is specified, both the " +
                "username and password must be specified",
                reader.Section, username is null ? HttpServerOptions.Password.Name : HttpServerOptions.UserName.Name);
        }

        return (username, password);
    }

    private static string? Name(string section)
    {
        var colon = section.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : section[(colon + 1)..];
    }
}
