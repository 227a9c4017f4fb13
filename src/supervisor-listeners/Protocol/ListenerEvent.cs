namespace Supervisor.Listeners.Protocol;

/// <summary>One event as a listener gets it (EVT-001).</summary>
/// <param name="Headers">The tokens of the first line.</param>
/// <param name="Payload">What follows it.</param>
internal sealed record ListenerEvent(IReadOnlyDictionary<string, string> Headers, string Payload)
{
    public string Name => Headers.GetValueOrDefault("eventname", "");

    public bool IsTick => Name.StartsWith("TICK", StringComparison.Ordinal);

    /// <summary>The tokens of the payload's first line.</summary>
    public IReadOnlyDictionary<string, string> Values => Tokens(Payload.Split('\n')[0]);

    /// <summary><c>key:value</c> pairs separated by blanks; what has no colon is passed over.</summary>
    internal static IReadOnlyDictionary<string, string> Tokens(string line)
    {
        var tokens = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var token in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = token.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                tokens[token[..colon]] = token[(colon + 1)..].TrimEnd();
            }
        }

        return tokens;
    }
}
