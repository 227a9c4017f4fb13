namespace Supervisor.Server.Web;

/// <summary>Query and form values (HTTP-054): a form value overrides the query, the first query value and the last form value win.</summary>
internal sealed class UrlForm
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public UrlForm(string query, string body)
    {
        foreach (var (name, value) in Parse(query))
        {
            _values.TryAdd(name, value);
        }

        foreach (var (name, value) in Parse(body))
        {
            _values[name] = value;
        }
    }

    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>As in a URL path: everything but letters, digits and <c>_.-~/</c> is escaped, the colon too.</summary>
    public static string Quote(string text) => Uri.EscapeDataString(text).Replace("%2F", "/", StringComparison.Ordinal);

    /// <summary>The pairs in their order, decoded. Pairs without a value do not count.</summary>
    public static IEnumerable<(string Name, string Value)> Parse(string text)
    {
        foreach (var pair in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals >= 0 && equals + 1 < pair.Length)
            {
                yield return (Decode(pair[..equals]), Decode(pair[(equals + 1)..]));
            }
        }
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
