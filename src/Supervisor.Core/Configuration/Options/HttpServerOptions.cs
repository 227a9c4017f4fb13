namespace Supervisor.Core.Configuration.Options;

/// <summary>Rows that <c>[unix_http_server*]</c> and <c>[inet_http_server*]</c> have (OPT-030..040).</summary>
internal static class HttpServerOptions
{
    public static readonly Option<string?> UserName = new("username", Types.Text!, null, "Ask clients for this user name; nobody is asked by default.");
    public static readonly Option<string?> Password = new("password", Types.Text!, null, "And for this password; {SHA} and a hex SHA-1 is possible.");
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
