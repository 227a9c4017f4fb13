using System.Buffers;

namespace Supervisor.Server.Http;

/// <summary><c>host[:port]</c> of a header or an address.</summary>
internal readonly struct Authority
{
    private static readonly SearchValues<char> s_name = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_~");
    private static readonly SearchValues<char> s_address = SearchValues.Create("abcdefABCDEF0123456789:.");

    private Authority(string text)
    {
        Text = text;
        var close = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) : -1;
        var colon = text.IndexOf(':', Math.Max(close, 0));
        Name = close >= 0 ? text[1..close] : colon >= 0 ? text[..colon] : text;
        var port = close >= 0 ? text.AsSpan(close + 1) : colon >= 0 ? text.AsSpan(colon) : default;
        IsPlain = Name.Length > 0
            && !Name.AsSpan().ContainsAnyExcept(close >= 0 ? s_address : s_name)
            && (port.IsEmpty || (port[0] == ':' && !port[1..].ContainsAnyExceptInRange('0', '9')));
    }

    /// <summary>As written, without blanks around it.</summary>
    public string Text { get; }

    /// <summary>Without its port and, for IPv6, without its brackets.</summary>
    public string Name { get; }

    /// <summary>It consists of what names, addresses and ports consist of, and may be repeated in an answer.</summary>
    public bool IsPlain { get; }

    public static Authority Of(string? text) => new(text?.Trim() ?? "");

    /// <summary>Of a URL; null when it has none.</summary>
    public static Authority? OfUrl(string url)
    {
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
        {
            return null;
        }

        var rest = url[(scheme + 3)..];
        var end = rest.AsSpan().IndexOfAny("/?#");
        return Of(end < 0 ? rest : rest[..end]);
    }

    /// <summary>Whether both are the same, with the ports that schemes imply left out or not.</summary>
    public bool IsSame(Authority other) => Text.Length > 0 && WithoutDefault(Text).Equals(WithoutDefault(other.Text), StringComparison.OrdinalIgnoreCase);

    private static string WithoutDefault(string text) => text.EndsWith(":80", StringComparison.Ordinal) ? text[..^3]
        : text.EndsWith(":443", StringComparison.Ordinal) ? text[..^4] : text;
}
