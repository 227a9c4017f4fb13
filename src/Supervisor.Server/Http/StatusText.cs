namespace Supervisor.Server.Http;

/// <summary>Reason phrases of the HTTP/1.0 era, as existing clients see them (HTTP-012), and the page that goes with them.</summary>
internal static class StatusText
{
    public static string Of(int code) => code switch
    {
        200 => "OK",
        301 => "Moved Permanently",
        304 => "Not Modified",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        411 => "Length Required",
        413 => "Request Entity Too Large",
        414 => "Request-URI Too Large",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Content",
        503 => "Service Unavailable",
        _ => "Internal Server Error",
    };

    /// <summary>The body of every error, 301 and 401 included (HTTP-011).</summary>
    public static string Page(int code) =>
        "<head>\r\n<title>Error response</title>\r\n</head>\r\n<body>\r\n<h1>Error response</h1>\r\n" +
        $"<p>Error code {code}.\r\n<p>Message: {Of(code)}.\r\n</body>\r\n";
}
