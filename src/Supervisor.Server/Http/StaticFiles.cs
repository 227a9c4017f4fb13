using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using Supervisor.Core.Configuration.Expansion;

namespace Supervisor.Server.Http;

/// <summary>The page's style sheet and images, embedded in the binary (HTTP-031..034).</summary>
internal static class StaticFiles
{
    private const string Prefix = "assets/";

    // The assets have no time of their own; that of the binary serves caches well enough.
    private static readonly DateTimeOffset s_modified = Started();

    private static readonly FrozenDictionary<string, byte[]> s_files = Load();

    private static readonly FrozenSet<string> s_directories = ((string[])["images", "scripts", "stylesheets"]).ToFrozenSet();

    public static async ValueTask<Reply> HandleAsync(RequestHead request, ServerContext server)
    {
        if (request.Method is not ("GET" or "HEAD"))
        {
            return Reply.Error(400);
        }

        var path = Confined(Uri.UnescapeDataString(request.Path));
        if (s_directories.Contains(path))
        {
            return Reply.Error(301, [new("Location", $"{server.Scheme}://{await server.HostNameAsync()}/{path}/")]);
        }

        if (!s_files.TryGetValue(path, out var content))
        {
            return Reply.Error(404);
        }

        if (IsUnchanged(request["If-Modified-Since"]))
        {
            return Reply.Plain(304, default).Set("Content-Length", "0");
        }

        // Errors carry their page even for HEAD, as upstream's do; a file does not (HTTP-032).
        // A script must not outlive the daemon that it belongs to, and is always asked for again.
        return Reply.Plain(200, request.Method == "HEAD" ? default : content)
            .Set("Last-Modified", s_modified.UtcDateTime.ToString("R", CultureInfo.InvariantCulture))
            .Set("Content-Length", content.Length.ToString(CultureInfo.InvariantCulture))
            .Set("Content-Type", ContentType(path))
            .Set("Cache-Control", "no-cache")
            .Set("X-Content-Type-Options", "nosniff");
    }

    // "a/../b" is "b", and nothing leads out of the root (HTTP-034).
    private static string Confined(string path) => PosixPath.Normalize("/" + path.TrimStart('/')).TrimStart('/') + (path.EndsWith('/') ? "/" : "");

    private static bool IsUnchanged(string? since) => since is not null
        && DateTimeOffset.TryParse(since.Split(';')[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
        && s_modified <= date;

    private static string ContentType(string path) => Path.GetExtension(path) switch
    {
        ".css" => "text/css",
        ".png" => "image/png",
        ".svg" => "image/svg+xml",
        ".js" => "text/javascript",
        ".gif" => "image/gif",
        ".html" => "text/html",
        _ => "text/plain",
    };

    private static FrozenDictionary<string, byte[]> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(n => n[Prefix.Length..], n =>
            {
                using var stream = assembly.GetManifestResourceStream(n)!;
                var content = new byte[stream.Length];
                stream.ReadExactly(content);
                return content;
            });
    }

    private static DateTimeOffset Started()
    {
        var binary = Environment.ProcessPath;
        var time = binary is not null && File.Exists(binary) ? File.GetLastWriteTimeUtc(binary) : DateTime.UtcNow;
        return new DateTimeOffset(time.Ticks - time.Ticks % TimeSpan.TicksPerSecond, TimeSpan.Zero);
    }
}
