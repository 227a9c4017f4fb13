namespace Supervisor.Core.Configuration.Options;

/// <summary>Rows that <c>[unix_http_server*]</c> and <c>[inet_http_server*]</c> have (OPT-030..040).</summary>
internal static class HttpServerOptions
{
    public static readonly Option<string?> UserName = new("username", Types.Text!, null, "Ask clients for this user name; nobody is asked by default.");
    public static readonly Option<string?> Password = new("password", Types.Password!, null, "And for this password; {SHA} and a hex SHA-1, or what supervisord --hash-password prints.");
    public static readonly Option<(string Host, int Port)> Port = new("port", Types.InetAddress, null, "Address and port; *:9001 for every interface.")
    {
        IsRequired = true,
    };
    public static readonly Option<string?> File = new("file", Types.AbsolutePath!, null, "Path of the socket file.") { IsRequired = true };
    public static readonly Option<int> Mode = new("chmod", Types.Octal.Refusing(text => "Invalid chmod value " + text), "0700", "Mode of the socket file.");
    public static readonly Option<(Identity User, Identity Group)?> Owner = new("chown", Types.Owner.Refusing(text => "Invalid sockchown value " + text), null,
        "Owner and group of the socket file.")
    {
        DefaultNote = "the daemon's user",
    };
}

/// <summary>
/// Rows that only Supervisor.Net knows; Python Supervisor passes them over. The limits are far beyond what any client of today needs.
/// </summary>
internal static class HttpHardeningOptions
{
    public static readonly Option<string?> PasswordFile = new("password_file", Types.AbsolutePath!, null,
        "A file whose first line is the password, used instead of password; read at every start and restart.");
    public static readonly Option<string?> Certificate = new("tls_certificate", Types.AbsolutePath!, null,
        "PEM file with a certificate and its chain: the port then speaks https only, and the machine needs OpenSSL.");
    public static readonly Option<string?> Key = new("tls_key", Types.AbsolutePath!, null, "PEM file with the certificate's private key.")
    {
        DefaultNote = "the certificate's file",
    };
    public static readonly Option<bool> CrossSiteCheck = new("cross_site_check", Types.Boolean, "true",
        "Refuse what changes something when a browser asks on behalf of another site.");
    public static readonly Option<IReadOnlyList<string>> AllowedHosts = new("allowed_hosts", Types.List, "",
        "More names by which browsers may call this server, such as that of a reverse proxy; addresses and the machine's name always work.");
    public static readonly Option<int> MaxConnections = new("max_connections", Types.Count, "1024",
        "Open connections; all servers together have a third of the file descriptors. The one that has kept us waiting longest makes room.");
    public static readonly Option<long> MaxBody = new("max_body", Types.Size, "16MB", "Size of a request's body.");
    public static readonly Option<long> MaxHead = new("max_head", Types.Size, "256KB", "Size of a request line with its headers.");
    public static readonly Option<int> MaxHeaders = new("max_headers", Types.Count, "1000", "Number of header lines.");
    public static readonly Option<int> RequestTimeout = new("request_timeout", Types.Count, "60",
        "Seconds for a head to arrive; a body, and the client's reading of an answer, get a second more for every kilobyte.");
    public static readonly Option<int> IdleTimeout = new("idle_timeout", Types.Count, "1800", "Seconds that a connection may stay open between requests.");

    public static readonly IReadOnlyList<OptionRow> Rows =
    [
        PasswordFile, Certificate, Key, CrossSiteCheck, AllowedHosts, MaxConnections, MaxBody, MaxHead, MaxHeaders, RequestTimeout, IdleTimeout,
    ];
}
