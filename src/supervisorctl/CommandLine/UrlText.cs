namespace Supervisor.Ctl.CommandLine;

/// <summary>The split that Python's urlparse makes, as far as the checks of <c>-s</c> and <c>open</c> look at it.</summary>
internal static class UrlText
{
    public static (string Scheme, string Authority, string Path) Split(string url)
    {
        var scheme = "";
        var rest = url;
        var colon = url.IndexOf(':');
        if (colon > 0 && char.IsAsciiLetter(url[0]) && url.AsSpan(0, colon).IndexOfAnyExcept(SchemeLetters) < 0)
        {
            scheme = url[..colon].ToLowerInvariant();
            rest = url[(colon + 1)..];
        }

        var authority = "";
        if (rest.StartsWith("//", StringComparison.Ordinal))
        {
            var end = rest.AsSpan(2).IndexOfAny('/', '?', '#');
            authority = end < 0 ? rest[2..] : rest.Substring(2, end);
            rest = end < 0 ? "" : rest[(2 + end)..];
        }

        var pathEnd = rest.AsSpan().IndexOfAny('?', '#');
        return (scheme, authority, pathEnd < 0 ? rest : rest[..pathEnd]);
    }

    private static readonly System.Buffers.SearchValues<char> SchemeLetters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
}
