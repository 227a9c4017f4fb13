using System.Text;
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
        return Harden(load, reader) with
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
        return Harden(load, reader) with
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

    private static HttpServerConfig Harden(LoadContext load, SectionReader reader)
    {
        var passwordFile = reader.Get(HttpHardeningOptions.PasswordFile);
        var certificate = reader.Get(HttpHardeningOptions.Certificate);
        var key = reader.Get(HttpHardeningOptions.Key);
        if (key is not null && certificate is null)
        {
            load.Refuse($"Section [{reader.Section}] has a tls_key without a tls_certificate", reader.Section, HttpHardeningOptions.Key.Name);
        }

        return new HttpServerConfig
        {
            Section = reader.Section,
            Family = HttpServerFamily.Inet,
            FilePassword = passwordFile is null ? null : ReadSecret(load, reader.Section, passwordFile),
            Certificate = certificate,
            CertificateKey = key,
            CrossSiteCheck = reader.Get(HttpHardeningOptions.CrossSiteCheck),
            AllowedHosts = [.. reader.Get(HttpHardeningOptions.AllowedHosts).Where(h => h.Length > 0).Select(h => h.ToLowerInvariant())],
            Limits = new HttpLimits
            {
                Connections = reader.Get(HttpHardeningOptions.MaxConnections),
                Body = reader.Get(HttpHardeningOptions.MaxBody),
                Head = reader.Get(HttpHardeningOptions.MaxHead),
                Headers = reader.Get(HttpHardeningOptions.MaxHeaders),
                Request = TimeSpan.FromSeconds(reader.Get(HttpHardeningOptions.RequestTimeout)),
                Idle = TimeSpan.FromSeconds(reader.Get(HttpHardeningOptions.IdleTimeout)),
            },
        };
    }

    private static Secret? ReadSecret(LoadContext load, string section, string path)
    {
        var content = load.Host.ReadSmallFile(path);
        var line = content is null ? "" : Encoding.UTF8.GetString(content).Split('\n')[0].TrimEnd('\r');
        if (!string.IsNullOrWhiteSpace(line))
        {
            return new Secret(Datatypes.Password(line));
        }

        load.Refuse(
            $"Section [{section}]: password_file {path} {(content is null ? "cannot be read" : "has no password in its first line")}",
            section, HttpHardeningOptions.PasswordFile.Name);
        return null;
    }

    private static (string? Username, string? Password) Credentials(LoadContext load, SectionReader reader)
    {
        var username = reader.Get(HttpServerOptions.UserName);
        var password = reader.Get(HttpServerOptions.Password);
        if ((username is null) != (password is null && reader.Raw(HttpHardeningOptions.PasswordFile.Name) is null))
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
