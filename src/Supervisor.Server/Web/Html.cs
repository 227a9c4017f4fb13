namespace Supervisor.Server.Web;

/// <summary>Escaping for text and attributes.</summary>
internal static class Html
{
    /// <summary>As upstream escapes text (HTTP-057); not for attributes.</summary>
    public static string EscapeText(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal);

    public static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("\"", "&quot;", StringComparison.Ordinal);
}
